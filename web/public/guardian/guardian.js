// For a guardian, who has a link and no account. The code stands behind the number sign and leaves the browser in request bodies alone.
const WORDS = {
  vi: {
    title: "Xin sự đồng ý của cha mẹ hoặc người giám hộ",
    asked: (learner) => `${learner || "Con"} muốn luyện nói tiếng Anh ở đây và cần anh chị đồng ý.`,
    given: (learner) => `Anh chị đã đồng ý cho ${learner || "con"} luyện nói. Xin cảm ơn anh chị!`,
    school: (learner) => `Nhà trường cho biết đã có sự đồng ý cho ${learner || "con"} luyện nói.`,
    refused: "Đã ghi nhận là anh chị không đồng ý. Các bản ghi âm và kết quả luyện nói của con đã được xóa.",
    facts: [
      "Giọng đọc của con được ghi âm và lưu trên máy chủ này để phân tích phát âm và góp ý.",
      "Thầy cô của lớp mà con tham gia có thể nghe các bài con luyện.",
      "Nếu người quản trị có dùng mô hình ngôn ngữ bên ngoài, chỉ phần chữ và điểm số được gửi đi, không gửi giọng nói hay tên của con.",
      "Anh chị có thể đổi ý bất cứ lúc nào bằng chính đường dẫn này; khi đó các bài luyện và bản ghi âm của con sẽ được xóa.",
    ],
    label: "Họ tên của anh chị",
    yes: "Tôi là cha mẹ hoặc người giám hộ và tôi đồng ý",
    no: "Tôi không đồng ý",
    warning: "Mọi bản ghi âm và kết quả luyện nói của con sẽ bị xóa ngay và không lấy lại được. Anh chị chắc chắn chứ?",
    delete: "Tôi chắc chắn, xóa hết",
    keep: "Thôi, giữ lại",
    unnamed: "Anh chị vui lòng ghi họ tên nhé.",
    unknown: "Đường dẫn này không còn dùng được. Anh chị nhờ con gửi lại đường dẫn mới nhé.",
    failed: "Chưa thực hiện được. Anh chị vui lòng thử lại sau ít phút.",
  },
  en: {
    title: "A parent's or guardian's consent",
    asked: (learner) => `${learner || "Your child"} would like to practise speaking English here and needs your consent.`,
    given: (learner) => `You have agreed that ${learner || "your child"} practises here. Thank you!`,
    school: (learner) => `The school says that ${learner || "your child"} may practise here.`,
    refused: "Your refusal is noted. Your child's recordings and results have been deleted.",
    facts: [
      "Your child's voice is recorded and kept on this server, to analyse the pronunciation and give advice.",
      "The teacher of a class that your child joins can hear what is practised.",
      "Where the administrator uses a language model outside, words and scores are sent to it; never the voice or the name.",
      "You can change your mind at any time with this same link; your child's practices and recordings are then deleted.",
    ],
    label: "Your name",
    yes: "I am the parent or guardian, and I agree",
    no: "I do not agree",
    warning: "All of your child's recordings and results will be deleted at once and cannot be brought back. Are you sure?",
    delete: "I am sure, delete everything",
    keep: "No, keep them",
    unnamed: "Please write your name.",
    unknown: "This link is not valid any more. Please ask your child for a new one.",
    failed: "That did not work. Please try again in a few minutes.",
  },
};

const KEPT_LANGUAGE = "speechcoach.locale";
const at = (id) => document.getElementById(id);
let words = WORDS.vi;
// What is said now, in the words of a language.
let said = () => "";

function say(sentence) {
  said = sentence;
  at("state").textContent = said(words);
}

function speak(language) {
  words = WORDS[language];
  document.documentElement.lang = language;
  document.title = `${words.title} · Speech Coach`;
  for (const id of ["title", "label", "yes", "no", "warning", "delete", "keep"]) at(id).textContent = words[id];
  at("facts").replaceChildren(
    ...words.facts.map((fact) => {
      const item = document.createElement("li");
      item.textContent = fact;
      return item;
    }),
  );
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === language));
  say(said);
}

async function tell(answer) {
  const body = JSON.stringify({ code: location.hash.slice(1), ...answer });
  const reply = await fetch("/api/v1/guardian-consent", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (reply.status === 404) throw new Error("unknown");
  if (!reply.ok) throw new Error("failed");
  return reply.json();
}

function show(consent) {
  at("ask").hidden = false;
  at("agree").hidden = consent.source === "guardian" && consent.is_given;
  if (!consent.is_given) say((text) => text.asked(consent.learner));
  else if (consent.source === "school") say((text) => text.school(consent.learner));
  else say((text) => text.given(consent.learner));
}

async function answer(given) {
  try {
    show(await tell(given));
    if (given.is_given === false) say((text) => text.refused);
  } catch (error) {
    say((text) => text[error.message] ?? text.failed);
  }
}

function askForName(isMissing) {
  if (isMissing) at("guardian").setAttribute("aria-invalid", "true");
  else at("guardian").removeAttribute("aria-invalid");
  if (isMissing) at("guardian").focus();
}

// What cannot be brought back is asked for twice.
function askAgain(isAsked) {
  at("no").hidden = isAsked;
  at("sure").hidden = !isAsked;
  at(isAsked ? "keep" : "no").focus();
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    localStorage.setItem(KEPT_LANGUAGE, button.dataset.language);
    speak(button.dataset.language);
  });
}
at("yes").addEventListener("click", () => {
  const guardian = at("guardian").value.trim();
  askForName(guardian === "");
  if (guardian === "") say((text) => text.unnamed);
  else void answer({ is_given: true, guardian });
});
at("no").addEventListener("click", () => askAgain(true));
at("keep").addEventListener("click", () => askAgain(false));
at("delete").addEventListener("click", () => void answer({ is_given: false }).then(() => askAgain(false)));
speak(localStorage.getItem(KEPT_LANGUAGE) === "en" ? "en" : "vi");
void answer({});
