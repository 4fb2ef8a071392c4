import type { PronouncedWord } from "../api/types";

// A word that was left out has a place in the sentence and none in the recording, whatever its times say.
export function wasSaid(word: PronouncedWord): boolean {
  return word.verdict !== "omitted" && word.end_s > word.start_s;
}
