// Drawn signatures. What is kept as evidence is the movement of the pen: whole numbers in a fixed frame of 900 by 300 with the
// milliseconds since the first touch. The picture is made from those strokes, so that both always say the same.
//
// Markup: an element [data-signature] (may start with the attribute "hidden"; without JavaScript it stays so) that holds
//   <canvas data-signature-canvas>, <button type="button" data-signature-clear>,
//   <input type="hidden" name="strokes"> and <input type="hidden" name="image">.
// strokes = {"width":900,"height":300,"strokes":[[{"x":1,"y":2,"t":0}, ...], ...]}; both inputs are empty while nothing is drawn.

(function () {
  "use strict";

  const WIDTH = 900;
  const HEIGHT = 300;
  const PEN = { penColor: "#1c2b2d", backgroundColor: "#ffffff", minWidth: 0.8, maxWidth: 3 };

  /** Gives the strokes in the form's hidden field, or none when it is empty or not ours. */
  function readStrokes(input) {
    if (!input.value) return [];
    try {
      const kept = JSON.parse(input.value);
      return kept.width === WIDTH && kept.height === HEIGHT ? kept.strokes : [];
    } catch (error) {
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  }

  /** Draws strokes with a pad whose frame is `scale` times ours. Times start at 1: to the pad, 0 means "no time given". */
  function paint(pad, strokes, scale) {
    pad.clear();
    pad.fromData(
      strokes.map((stroke) => ({
        penColor: PEN.penColor,
        minWidth: PEN.minWidth,
        maxWidth: PEN.maxWidth,
        dotSize: 0,
        velocityFilterWeight: 0.7,
        compositeOperation: "source-over",
        points: stroke.map((point) => ({
          x: point.x * scale,
          y: point.y * scale,
          pressure: 0.5,
          time: point.t + 1,
        })),
      })),
    );
  }

  /** Gives the picture of the strokes, drawn afresh in the fixed frame, as a PNG data address. */
  function picture(strokes) {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    const pad = new window.SignaturePad(canvas, PEN);
    paint(pad, strokes, 1);
    pad.off();
    return canvas.toDataURL("image/png");
  }

  function setUp(box) {
    const canvas = box.querySelector("[data-signature-canvas]");
    const clearButton = box.querySelector("[data-signature-clear]");
    const strokesInput = box.querySelector('input[name="strokes"]');
    const imageInput = box.querySelector('input[name="image"]');
    let strokes = readStrokes(strokesInput);
    let firstTouch = null;

    box.hidden = false;
    const pad = new window.SignaturePad(canvas, PEN);

    function scale() {
      return canvas.clientWidth / WIDTH;
    }

    function fitCanvas() {
      if (!canvas.clientWidth) return;
      const density = Math.min(window.devicePixelRatio || 1, 2);
      canvas.width = Math.round(canvas.clientWidth * density);
      canvas.height = Math.round(canvas.clientHeight * density);
      canvas.getContext("2d").scale(density, density);
      paint(pad, strokes, scale());
    }

    function keep() {
      strokesInput.value = strokes.length ? JSON.stringify({ width: WIDTH, height: HEIGHT, strokes: strokes }) : "";
      imageInput.value = strokes.length ? picture(strokes) : "";
    }

    function within(value, most) {
      return Math.min(most, Math.max(0, Math.round(value)));
    }

    function addLastStroke() {
      const drawn = pad.toData().at(-1);
      if (!drawn || !drawn.points.length) return;
      if (firstTouch === null) {
        const before = strokes.flat().at(-1);
        firstTouch = drawn.points[0].time - (before ? before.t + 1 : 0);
      }
      strokes.push(
        drawn.points.map((point) => ({
          x: within(point.x / scale(), WIDTH),
          y: within(point.y / scale(), HEIGHT),
          t: Math.max(0, Math.round(point.time - firstTouch)),
        })),
      );
      keep();
    }

    function clear() {
      strokes = [];
      firstTouch = null;
      pad.clear();
      keep();
    }

    pad.addEventListener("endStroke", addLastStroke);
    clearButton.addEventListener("click", clear);
    // A resize or a turned tablet empties a canvas: draw the kept strokes again in the new size.
    new ResizeObserver(fitCanvas).observe(canvas);
    fitCanvas();
    keep();
  }

  if (!window.SignaturePad) return;
  document.querySelectorAll("[data-signature]").forEach(setUp);
})();
