// Reads one JSON array of texts from standard input; prints how many tokens of o200k_base each has, as a JSON array.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { encode } = await import(pathToFileURL(process.argv[2]).href);
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map((text) => encode(text).length)));
