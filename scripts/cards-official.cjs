// Asks the official parser of adaptive cards what it makes of the cards on standard input: a JSON list of cards.
// Prints what it finds, a line each, and fails if it finds anything.  No DOM is needed for parsing.
"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const vendored = join(__dirname, "..", "bot", "simulator", "static", "vendor", "adaptivecards.min.js");
const { AdaptiveCard, SerializationContext, Versions } = require(vendored);

// The parser's own pattern for "lang" keeps its place between two cards, so that it refuses every other one.
const MISTAKEN = /^Invalid value "[a-z]{2,3}" for property "lang"\.$/;

let found = 0;
for (const [at, json] of JSON.parse(readFileSync(0, "utf8")).entries()) {
  const context = new SerializationContext(Versions.v1_5);
  new AdaptiveCard().parse(json, context);
  for (let event = 0; event < context.eventCount; event += 1) {
    const { message } = context.getEventAt(event);
    if (MISTAKEN.test(message)) continue;
    console.log(`card ${at}: ${message}`);
    found += 1;
  }
}
process.exitCode = found ? 1 : 0;
