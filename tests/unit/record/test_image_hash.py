"""The same drawing is recognised however it was saved; another hand's is another one; nothing has no looks."""

import io
import itertools

from PIL import Image, ImageDraw

from consent.images import distance, image_hash, is_alike
from tests.unit.record.samples import signature_png


def drawn(lines: list[tuple[int, int]], *, size: tuple[int, int] = (900, 300), mode: str = "RGB") -> bytes:
    picture = Image.new(mode, size, "white" if mode == "RGB" else (0, 0, 0, 0))
    ImageDraw.Draw(picture).line(lines, fill="black", width=5)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


ANN = [(50, 250), (120, 40), (200, 260), (260, 90), (400, 180), (700, 60), (850, 240)]
LEE = [(50, 60), (300, 280), (420, 20), (430, 270), (600, 30), (640, 260), (860, 150)]


def moved(lines: list[tuple[int, int]], right: int, down: int) -> list[tuple[int, int]]:
    return [(x // 2 + right, y // 2 + down) for x, y in lines]


def test_the_same_drawing_is_alike_wherever_it_stands_and_however_it_was_saved() -> None:
    again = [drawn(moved(ANN, 10, 5)), drawn(moved(ANN, 300, 120)), drawn(ANN, mode="RGBA")]
    assert all(is_alike(image_hash(drawn(ANN)), image_hash(picture)) for picture in again)


def test_another_hand_is_not_alike() -> None:
    assert not is_alike(image_hash(drawn(ANN)), image_hash(drawn(LEE)))
    assert distance(image_hash(drawn(ANN)), image_hash(drawn(LEE))) > 8


def test_see_through_paper_is_white() -> None:
    assert image_hash(signature_png("RGBA")) == image_hash(signature_png("RGB"))


def test_an_empty_picture_is_like_nothing() -> None:
    empty = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(empty, "PNG")
    looks = image_hash(empty.getvalue())
    assert looks == ""
    assert not is_alike(looks, looks)
    assert not is_alike(looks, image_hash(drawn(ANN)))


def test_it_is_sixteen_hex_characters() -> None:
    for lines in itertools.permutations(ANN[:4]):
        looks = image_hash(drawn(list(lines)))
        assert len(looks) == 16
        assert int(looks, 16) >= 0
