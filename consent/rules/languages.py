"""Whether two language tags (BCP 47) name a language that a person can follow, by ear or on paper.

Region makes no difference to either; script makes a difference on paper only. Anything else must be the same, so
Cantonese (`yue`) is not Mandarin (`zh`), and a doubt asks for an interpreter.

>>> follows_speech("en-GB", ("ug", "en"))
True
>>> reads("zh-Hans", ("zh-TW",))
False
"""

CHINESE_SCRIPT_BY_REGION = {"cn": "hans", "sg": "hans", "tw": "hant", "hk": "hant", "mo": "hant"}


def follows_speech(spoken: str, languages: tuple[str, ...]) -> bool:
    """True where one of the person's languages is the one spoken."""
    return any(_parts(spoken)[0] == _parts(known)[0] for known in languages)


def reads(written: str, languages: tuple[str, ...]) -> bool:
    """True where one of the person's languages is the one written, in a script that may be the same."""
    language, script = _parts(written)
    for known in languages:
        known_language, known_script = _parts(known)
        if known_language == language and (not script or not known_script or script == known_script):
            return True
    return False


def _parts(tag: str) -> tuple[str, str]:
    """Language without script and region, and the script where the tag or its region tells it."""
    language, *rest = tag.strip().lower().replace("_", "-").split("-")
    script = next((part for part in rest if _is_script(part)), "")
    region = next((part for part in rest if _is_region(part)), "")
    if not script and language == "zh":
        script = CHINESE_SCRIPT_BY_REGION.get(region, "")
    kept = [part for part in rest if not _is_script(part) and not _is_region(part)]
    return "-".join([language, *kept]), script


def _is_script(part: str) -> bool:
    return len(part) == 4 and part.isalpha()


def _is_region(part: str) -> bool:
    return (len(part) == 2 and part.isalpha()) or (len(part) == 3 and part.isdigit())
