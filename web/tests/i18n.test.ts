import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { en } from "../src/i18n/en";
import { focusLabel } from "../src/i18n/focus";
import { isTextKey, locale, setLocale, t, textOf } from "../src/i18n";
import { formatClock, formatNumber, formatScore } from "../src/i18n/numbers";
import { vi } from "../src/i18n/vi";
import wire from "../../contract/ws.schema.json";

const SENTENCES = JSON.parse(readFileSync("../data/sentences.json", "utf8")) as { level: string; topic: string; focus_sounds: string[] }[];

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();
}

afterEach(() => setLocale("vi"));

describe("the languages", () => {
  test("have the same texts, none empty, with the same values in them", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort());
    for (const [key, text] of Object.entries(vi)) {
      const other = en[key as keyof typeof vi];
      expect(text.trim(), key).not.toBe("");
      expect(other.trim(), key).not.toBe("");
      expect(placeholders(other), key).toEqual(placeholders(text));
    }
  });

  test("Vietnamese is the first, and a choice is kept", () => {
    expect(locale.value).toBe("vi");
    expect(document.documentElement.lang).toBe("vi");
    setLocale("en");
    expect(t("record.start")).toBe(en["record.start"]);
    expect(document.documentElement.lang).toBe("en");
    expect(localStorage.getItem("speechcoach.locale")).toBe("en");
  });

  test("values take their places", () => {
    expect(t("home.sentences.count", { count: 12 })).toBe("12 câu");
  });

  test("a name that only the server knows is shown as it is", () => {
    expect(textOf("topic.travel", "travel")).toBe("Du lịch");
    expect(textOf("topic.astronomy", "astronomy")).toBe("astronomy");
  });
});

describe("every name on the wire has a text", () => {
  test("stages", () => {
    for (const stage of wire.$defs.Stage.enum) expect(isTextKey(`stage.${stage}`), stage).toBe(true);
  });

  test("scores", () => {
    for (const score of Object.keys(wire.$defs.Scores.properties)) expect(isTextKey(`score.${score}`), score).toBe(true);
  });

  test("levels and topics of the sentences", () => {
    for (const { level, topic } of SENTENCES) {
      expect(isTextKey(`level.${level}`), level).toBe(true);
      expect(isTextKey(`topic.${topic}`), topic).toBe(true);
    }
  });

  test("what the sentences practise", () => {
    for (const focus of new Set(SENTENCES.flatMap((sentence) => sentence.focus_sounds))) {
      expect(focusLabel(focus), focus).not.toBe(focus.replaceAll("_", " "));
    }
    expect(focusLabel("TH")).toBe("/θ/");
    expect(focusLabel("final_S")).toBe("/s/ cuối từ");
    expect(focusLabel("creaky_voice")).toBe("creaky voice");
  });
});

describe("numbers", () => {
  test("scores have one decimal, as the language writes it", () => {
    expect(formatScore(7.25)).toBe("7,3");
    expect(formatScore(8)).toBe("8,0");
    expect(formatScore(10)).toBe("10");
    expect(formatScore(9.97)).toBe("10");
    expect(formatScore(-0.01)).toBe("0,0");
    setLocale("en");
    expect(formatScore(7.25)).toBe("7.3");
  });

  test("clock and figures", () => {
    expect(formatClock(0)).toBe("0:00");
    expect(formatClock(59.99)).toBe("0:59");
    expect(formatClock(75.4)).toBe("1:15");
    expect(formatNumber(0.325, 2)).toBe("0,33");
  });
});
