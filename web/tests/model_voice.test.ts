import { beforeEach, describe, expect, test, vi } from "vitest";
import { Player } from "../src/audio/player";
import { ModelVoice } from "../src/state/model_voice";

function player(): Player {
  return { playAll: vi.fn(), stop: vi.fn(), dispose: vi.fn() } as unknown as Player;
}

describe("the model voice", () => {
  const modelSound = vi.fn<(text: string, pace: string) => Promise<Blob>>();
  const opened: Player[] = [];
  let voice: ModelVoice;

  beforeEach(() => {
    modelSound.mockReset();
    modelSound.mockImplementation(() => Promise.resolve(new Blob()));
    opened.length = 0;
    vi.spyOn(Player, "ofFile").mockImplementation(() => {
      opened.push(player());
      return Promise.resolve(opened.at(-1) ?? null);
    });
    voice = new ModelVoice({ modelSound });
  });

  test("is fetched once for each text and pace", async () => {
    await voice.speak("think", "normal");
    await voice.speak("think", "slow");
    await voice.speak("think", "normal");
    expect(modelSound.mock.calls).toEqual([["think", "normal"], ["think", "slow"]]);
    expect(opened[0]?.playAll).toHaveBeenCalledTimes(2);
    expect(opened[1]?.stop).toHaveBeenCalled();
  });

  test("what was asked for last is heard, whichever comes first", async () => {
    let arrive = (_: Blob) => {};
    modelSound.mockImplementationOnce(() => new Promise((resolve) => (arrive = resolve)));
    const slow = voice.speak("a long sentence", "normal");
    await voice.speak("word", "normal");
    arrive(new Blob());
    await slow;
    expect(opened.map((one) => vi.mocked(one.playAll).mock.calls.length)).toEqual([1, 0]);
  });

  test("is told to be missing where neither the server nor the device has one, until it is there", async () => {
    modelSound.mockRejectedValueOnce(new Error("503"));
    await voice.speak("think", "normal");
    expect(voice.isMissing.value).toBe(true);
    await voice.speak("think", "normal");
    expect(voice.isMissing.value).toBe(false);
  });

  test("pressed twice before it is there, it is fetched once and heard once", async () => {
    await Promise.all([voice.speak("think", "normal"), voice.speak("think", "normal")]);
    expect(modelSound).toHaveBeenCalledOnce();
    expect(opened[0]?.playAll).toHaveBeenCalledOnce();
  });

  test("keeps a few sounds, not all", async () => {
    for (let n = 0; n < 30; ++n) await voice.speak(`sentence ${n}`, "normal");
    await Promise.resolve();
    expect(opened.filter((one) => vi.mocked(one.dispose).mock.calls.length > 0).length).toBe(18);
  });
});
