import { useEffect, useState } from "preact/hooks";
import { Player } from "../audio/player";

// Plays a kept recording, once it is fetched; null until then, and where it cannot be had. `key` says which it is.
export function useRecording(fetchRecording: (() => Promise<Blob>) | null, key: string): Player | null {
  const [player, setPlayer] = useState<Player | null>(null);
  useEffect(() => {
    if (fetchRecording === null) return;
    let opened: Player | null = null;
    let left = false;
    void fetchRecording()
      .then((audio) => Player.ofFile(audio))
      .catch(() => null)
      .then((found) => {
        if (left) return found?.dispose();
        opened = found;
        setPlayer(found);
      });
    return () => {
      left = true;
      opened?.dispose();
    };
  }, [key]);
  return player;
}
