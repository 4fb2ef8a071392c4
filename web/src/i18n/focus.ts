import { t, textOf } from "./index";
import { ipaOf } from "./phones";

// "TH" -> "/θ/", "final_S" -> "/s/ cuối từ", "word_stress" -> "trọng âm từ"; an unknown name as it is.
export function focusLabel(focus: string): string {
  const phone = ipaOf(focus);
  if (phone !== undefined) return phone;
  const final = focus.startsWith("final_") ? ipaOf(focus.slice("final_".length)) : undefined;
  if (final !== undefined) return t("focus.final", { sound: final });
  return textOf(`focus.${focus}`, focus.replaceAll("_", " "));
}
