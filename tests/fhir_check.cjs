// Reads FHIR R4 files with the validator of the npm package `fhir`: node tests/fhir_check.cjs FILE...
// Prints one JSON object: file -> the errors found in it. Warnings about example code lists are left out.
"use strict";
const fs = require("fs");
const path = require("path");
const { Fhir } = require(path.join(__dirname, "..", "node_modules", "fhir"));

const fhir = new Fhir();
const found = {};
for (const file of process.argv.slice(2)) {
  const resource = JSON.parse(fs.readFileSync(file, "utf-8"));
  const answer = fhir.validate(resource, { errorOnUnexpected: true });
  found[file] = answer.messages
    .filter((one) => one.severity === "error" || one.severity === "fatal")
    .map((one) => `${one.resourceId} ${one.location}: ${one.message}`);
}
process.stdout.write(JSON.stringify(found));
