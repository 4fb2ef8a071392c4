// The model voice: the server's, or one of the device where the server's cannot be had.
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Client, Pace } from "@speechcoach/client";
import { hasDeviceVoice, speakByDevice } from "../audio/device_voice";
import { Player } from "../audio/player";

// A word and its sentence, normal and slow, of the last few results.
const KEPT_SOUNDS = 12;

export class ModelVoice {
  // Neither voice can be had.
  readonly isMissing: ReadonlySignal<boolean>;

  private readonly isMissing_ = signal(false);
  // By text and pace, the newest last. null: the server's voice cannot be had; that is not kept.
  private readonly sounds = new Map<string, Promise<Player | null>>();
  private playing: Player | undefined;
  // Raised by every call: a sound that comes after another was asked for is not played.
  private call = 0;

  constructor(private readonly client: Pick<Client, "modelSound">) {
    this.isMissing = this.isMissing_;
  }

  async speak(text: string, pace: Pace): Promise<void> {
    const call = ++this.call;
    this.playing?.stop();
    const player = await this.sound(text, pace);
    if (call !== this.call) return;
    if (player === null) {
      if (hasDeviceVoice()) speakByDevice(text, pace);
      else this.isMissing_.value = true;
      return;
    }
    this.isMissing_.value = false;
    this.playing = player;
    player.playAll();
  }

  private sound(text: string, pace: Pace): Promise<Player | null> {
    const key = `${pace} ${text}`;
    const kept = this.sounds.get(key);
    if (kept !== undefined) return kept;
    const sound = this.fetch(text, pace);
    this.sounds.set(key, sound);
    void sound.then((player) => {
      if (player === null && this.sounds.get(key) === sound) this.sounds.delete(key);
    });
    const [oldest] = this.sounds.keys();
    if (this.sounds.size > KEPT_SOUNDS && oldest !== undefined) this.drop(oldest);
    return sound;
  }

  private fetch(text: string, pace: Pace): Promise<Player | null> {
    return this.client.modelSound(text, pace).then(
      (sound) => Player.ofFile(sound),
      () => null,
    );
  }

  private drop(key: string): void {
    const sound = this.sounds.get(key);
    this.sounds.delete(key);
    void sound?.then((player) => player?.dispose());
  }
}
