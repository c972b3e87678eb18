// An agent is any program that reads a prompt and prints an answer. This one is slow once: while the file `busy` is there.
import { appendFileSync, existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";

const prompt = await text(process.stdin);
const { TROUPE_STAGE: stage, TROUPE_TURN: turn } = process.env;
appendFileSync("turns.log", `${stage}\n`);
while (stage === "REVIEW_NOTES" && existsSync("busy")) await wait(20);
console.log(`${stage} read ${prompt.length > 0 ? "its prompt" : "nothing"} in ${turn?.split("/")[2]}`);
