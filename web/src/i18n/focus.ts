import { t, textOf } from "./index";

// The phones that sentences name, in IPA.
const IPA: Record<string, string> = {
  TH: "/θ/", DH: "/ð/", S: "/s/", Z: "/z/", SH: "/ʃ/", ZH: "/ʒ/", CH: "/tʃ/", JH: "/dʒ/", T: "/t/", D: "/d/", P: "/p/", B: "/b/", K: "/k/",
  G: "/ɡ/", F: "/f/", V: "/v/", R: "/r/", L: "/l/", N: "/n/", M: "/m/", NG: "/ŋ/", HH: "/h/", W: "/w/", Y: "/j/", IH: "/ɪ/", IY: "/iː/",
  EH: "/e/", AE: "/æ/", AA: "/ɑː/", AH: "/ʌ/", AO: "/ɔː/", UH: "/ʊ/", UW: "/uː/", ER: "/ɜːr/", EY: "/eɪ/", AY: "/aɪ/", OY: "/ɔɪ/",
  AW: "/aʊ/", OW: "/oʊ/",
};

// "TH" -> "/θ/", "final_S" -> "/s/ cuối từ", "word_stress" -> "trọng âm từ"; an unknown name as it is.
export function focusLabel(focus: string): string {
  const phone = IPA[focus];
  if (phone !== undefined) return phone;
  const final = focus.startsWith("final_") ? IPA[focus.slice("final_".length)] : undefined;
  if (final !== undefined) return t("focus.final", { sound: final });
  return textOf(`focus.${focus}`, focus.replaceAll("_", " "));
}
