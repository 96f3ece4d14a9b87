"""The two validators. Each answers with the errors it found; an empty answer is good.

`fhir.resources` takes any text for a code, although its models list the codes: `wrong_codes` asks them. The package
from npm knows the code lists of R4, and nothing of R5.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import fhir.resources.bundle
import fhir.resources.R4B.bundle
from pydantic import BaseModel, ValidationError

from consent.fhir.releases import Release
from tests.architecture.test_ground_works import script

ROOT = Path(__file__).resolve().parents[3]
CHECK = ROOT / "tests" / "fhir_check.cjs"
MODELS: dict[Release, type[BaseModel]] = {
    Release.R4: fhir.resources.R4B.bundle.Bundle,
    Release.R5: fhir.resources.bundle.Bundle,
}


def model_errors(bundle: Mapping[str, Any], release: Release) -> list[str]:
    """What the models of fhir.resources have against a bundle."""
    try:
        read = MODELS[release].model_validate(bundle)
    except ValidationError as error:
        return [f"{one['loc']}: {one['msg']}" for one in error.errors()]
    return list(wrong_codes(read))


def wrong_codes(model: BaseModel, path: str = "") -> Iterator[str]:
    """Codes that are not among those the model itself lists."""
    for name, field in type(model).model_fields.items():
        value, extra = getattr(model, name), field.json_schema_extra
        listed = extra.get("enum_values") if isinstance(extra, dict) else None
        for place, one in enumerate(value if isinstance(value, list) else [value]):
            here = f"{path}.{name}[{place}]"
            if isinstance(one, BaseModel):
                yield from wrong_codes(one, here)
            elif listed and one is not None and str(one) not in listed:
                yield f"{here}: {one} is none of {listed}"


def npm_errors(bundles: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """What the validator of the npm package `fhir` has against R4 bundles, by their names."""
    found = script("build_assets").find_node()
    assert found is not None, "no Node: run make test, which brings it"
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{number}.json" for number, name in enumerate(bundles)}
        for name, file in files.items():
            file.write_text(json.dumps(bundles[name]), encoding="utf-8")
        done = subprocess.run(
            [*found[0], str(CHECK), *map(str, files.values())], capture_output=True, text=True, check=True
        )
    answers = json.loads(done.stdout)
    return {name: answers[str(file)] for name, file in files.items() if answers[str(file)]}
