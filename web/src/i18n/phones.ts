// English sounds: how they are written, and how a Vietnamese mouth finds them.
import type { Locale } from "@speechcoach/client";

interface Sound {
  ipa: string;
  hint: Record<Locale, string>;
}

// By ARPAbet name without stress.
const SOUNDS: Record<string, Sound> = {
  TH: { ipa: "θ", hint: { vi: "Đặt đầu lưỡi giữa hai hàm răng rồi thổi hơi ra, cổ họng không rung.", en: "Put the tip of your tongue between your teeth and blow; no voice." } },
  DH: { ipa: "ð", hint: { vi: "Đặt đầu lưỡi giữa hai hàm răng, thổi hơi và để cổ họng rung.", en: "Tongue tip between your teeth, blow, and let your throat buzz." } },
  S: { ipa: "s", hint: { vi: "Hai hàm răng gần khép, xì hơi ra như tiếng rắn: “xì”.", en: "Teeth almost closed, a hiss like a snake." } },
  Z: { ipa: "z", hint: { vi: "Như âm /s/ nhưng cổ họng rung, nghe như tiếng ong bay.", en: "Like /s/ with your throat buzzing, like a bee." } },
  SH: { ipa: "ʃ", hint: { vi: "Chu môi, cong lưỡi nhẹ và đẩy hơi ra như khi nhắc ai im lặng: “suỵt”.", en: "Round your lips and push the air, as when you say “shh”." } },
  ZH: { ipa: "ʒ", hint: { vi: "Như âm “suỵt” nhưng cổ họng rung.", en: "Like “shh” with your throat buzzing." } },
  CH: { ipa: "tʃ", hint: { vi: "Chặn hơi như âm “t” rồi bật ra thành “ch”, môi chu lại.", en: "Stop the air as for /t/, then release it into “sh”." } },
  JH: { ipa: "dʒ", hint: { vi: "Như âm “ch” của “chair” nhưng cổ họng rung.", en: "Like the “ch” of “chair” with your throat buzzing." } },
  T: { ipa: "t", hint: { vi: "Đầu lưỡi chạm sau răng trên rồi bật hơi mạnh; ở cuối từ vẫn phải chạm lưỡi.", en: "Tongue tip behind the upper teeth, then a puff of air; touch it at the end of words too." } },
  D: { ipa: "d", hint: { vi: "Như âm /t/ nhưng cổ họng rung; ở cuối từ giữ nhẹ, đừng bỏ.", en: "Like /t/ with voice; keep it at the end of words." } },
  P: { ipa: "p", hint: { vi: "Mím hai môi rồi bật hơi ra thật rõ.", en: "Close your lips and release a clear puff of air." } },
  B: { ipa: "b", hint: { vi: "Mím hai môi rồi mở ra, cổ họng rung.", en: "Close your lips and open them with voice." } },
  K: { ipa: "k", hint: { vi: "Cuống lưỡi chạm vòm miệng mềm rồi bật hơi ra.", en: "The back of your tongue touches the soft palate, then releases." } },
  G: { ipa: "ɡ", hint: { vi: "Như âm /k/ nhưng cổ họng rung.", en: "Like /k/ with voice." } },
  F: { ipa: "f", hint: { vi: "Răng trên chạm nhẹ môi dưới rồi thổi hơi.", en: "Upper teeth on the lower lip, and blow." } },
  V: { ipa: "v", hint: { vi: "Răng trên chạm nhẹ môi dưới, cổ họng rung.", en: "Upper teeth on the lower lip, with voice." } },
  R: { ipa: "r", hint: { vi: "Cong đầu lưỡi lên, không chạm vào đâu, môi hơi tròn.", en: "Curl the tongue tip up without touching anything, lips a little round." } },
  L: { ipa: "l", hint: { vi: "Đầu lưỡi chạm sau răng trên; ở cuối từ vẫn nâng lưỡi lên chạm.", en: "Tongue tip behind the upper teeth, at the end of words too." } },
  N: { ipa: "n", hint: { vi: "Đầu lưỡi chạm sau răng trên, hơi đi ra đằng mũi.", en: "Tongue tip behind the upper teeth, air through the nose." } },
  M: { ipa: "m", hint: { vi: "Mím môi, hơi đi ra đằng mũi.", en: "Lips closed, air through the nose." } },
  NG: { ipa: "ŋ", hint: { vi: "Như “ng” trong “ngang”, không thêm /g/ ở sau.", en: "The back of the tongue up, air through the nose; no /g/ after it." } },
  HH: { ipa: "h", hint: { vi: "Thở nhẹ ra như “h” trong “hát”.", en: "Just breathe out." } },
  W: { ipa: "w", hint: { vi: "Chu tròn môi như “u” rồi mở nhanh ra.", en: "Round your lips as for “oo”, then open quickly." } },
  Y: { ipa: "j", hint: { vi: "Bắt đầu như “i” rồi lướt nhanh sang nguyên âm sau.", en: "Start as for “ee” and glide to the next vowel." } },
  IH: { ipa: "ɪ", hint: { vi: "Ngắn và lỏng, nằm giữa “i” và “ê”.", en: "Short and relaxed, between “ee” and “eh”." } },
  IY: { ipa: "iː", hint: { vi: "Dài, kéo căng môi như khi cười: “i…”.", en: "Long, lips spread as in a smile." } },
  EH: { ipa: "e", hint: { vi: "Như “e” trong “xe”, miệng mở vừa.", en: "As in “bed”, mouth half open." } },
  AE: { ipa: "æ", hint: { vi: "Há miệng rộng giữa “a” và “e”, kéo dài một chút.", en: "Mouth wide, between “ah” and “eh”, a little long." } },
  AA: { ipa: "ɑː", hint: { vi: "Há miệng to như khi bác sĩ khám họng: “a…”.", en: "Mouth wide open, as at the doctor's." } },
  AH: { ipa: "ʌ", hint: { vi: "Như “â” trong “ân”; ở âm tiết không nhấn thì ngắn và nhẹ.", en: "A short, relaxed “uh”." } },
  AO: { ipa: "ɔː", hint: { vi: "Như “o” kéo dài, môi tròn.", en: "A long “aw” with round lips." } },
  UH: { ipa: "ʊ", hint: { vi: "Ngắn và lỏng, nằm giữa “u” và “ơ”.", en: "Short and relaxed, as in “book”." } },
  UW: { ipa: "uː", hint: { vi: "Dài, chu tròn môi: “u…”.", en: "Long, lips rounded." } },
  ER: { ipa: "ɜːr", hint: { vi: "Như “ơ” kéo dài rồi cong lưỡi lên.", en: "A long “er” with the tongue curled up." } },
  EY: { ipa: "eɪ", hint: { vi: "Đi từ “ê” lướt sang “i”: “êi”.", en: "Glide from “eh” to “ee”." } },
  AY: { ipa: "aɪ", hint: { vi: "Đi từ “a” lướt sang “i”: “ai”.", en: "Glide from “ah” to “ee”." } },
  OY: { ipa: "ɔɪ", hint: { vi: "Đi từ “o” lướt sang “i”: “oi”.", en: "Glide from “aw” to “ee”." } },
  AW: { ipa: "aʊ", hint: { vi: "Đi từ “a” lướt sang “u”: “ao”.", en: "Glide from “ah” to “oo”." } },
  OW: { ipa: "oʊ", hint: { vi: "Đi từ “ô” lướt sang “u”, môi tròn dần: “âu”.", en: "Glide from “oh” to “oo”, lips rounding." } },
};

// "TH" -> "/θ/"; undefined for a name that is no sound.
export function ipaOf(phone: string): string | undefined {
  const sound = SOUNDS[phone];
  return sound === undefined ? undefined : `/${sound.ipa}/`;
}

// For a learner to read: a name that is no sound stands for itself.
export function written(phone: string): string {
  return ipaOf(phone) ?? phone;
}

// How the sound is made; empty for a name that is no sound.
export function soundHint(phone: string, locale: Locale): string {
  return SOUNDS[phone]?.hint[locale] ?? "";
}
