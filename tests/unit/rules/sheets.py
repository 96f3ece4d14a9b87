"""A complete, very short sheet for each kind of care, as parsed from TOML."""

from typing import Any

from clinic.vocabulary import ProcedureCategory
from consent.rules.disclosure import LEAST_ALTERNATIVES, LEAST_QUESTIONS, required_elements


def complete_sheet(category: ProcedureCategory = ProcedureCategory.LARC_IN) -> dict[str, Any]:
    """A sheet that lacks nothing."""
    ids = ["DE-02", *(name for name in required_elements(category) if name != "DE-02")]
    others = [f"choice-{number}" for number in range(LEAST_ALTERNATIVES.get(category, 1))]
    return {
        "sheet": {
            "key": "some-sheet",
            "language": "en",
            "version": "1.0",
            "title": "Having something done",
            "approval": "needs-local-clinical-approval",
            "reading_minutes": 1,
            "sources": ["Some public source, 2024"],
        },
        "procedure": {
            "code": "some-procedure",
            "category": category.value,
            "needs_laterality": False,
            "name": "Something",
        },
        "element": [{"id": name, "heading": f"About {name}", "text": "Some words."} for name in ids],
        "alternative": [
            {"key": key, "name": key, "good": "A good side.", "bad": "A bad side."} for key in [*others, "nothing"]
        ],
        "teach_back": [
            {"key": f"question-{number}", "question": "Can you stop?", "listen_for": "Yes, at any time."}
            for number in range(LEAST_QUESTIONS.get(category, 0))
        ],
    }
