#include "scoring/internal/phrases.h"

namespace speechcoach::scoring {
namespace {

using enum Topic;
using enum Role;

// Figures are evidence: a number that is only advice is spelled out.
constexpr PhraseRow kPhrases[] = {
    {kOpenHigh, kSaid, {"Wonderful!", "Excellent work!", "That was a pleasure to hear!"}},
    {kOpenGood, kSaid, {"Well done!", "Nice work!", "Good job!"}},
    {kOpenFair, kSaid, {"You are on the right track!", "A fair try, let's look at it together!", "A little more work and this will shine!"}},
    {kOpenLow, kSaid, {"No worries, let's take it step by step!", "Don't give up, we'll fix it bit by bit!", "Thank you for practising with me!"}},

    {kEveryWordRead, kSaid, {"I heard all {n} words of the sentence.", "You read all {n} words, and I missed none of them."}},
    {kEveryWordRead, kListed, {"All {n} words of the sentence were read", "Not one of the {n} words was left out"}},
    {kMostWordsRead, kSaid, {"I heard {n}/{m} words of the sentence correctly.", "You already read {n}/{m} words of this sentence correctly."}},
    {kMostWordsRead, kListed, {"{n}/{m} words of the sentence read correctly", "Most of the sentence came across ({n}/{m} words)"}},
    {kClearPronunciation, kSaid, {"Your pronunciation is very clear ({score}/10).", "You were easy to understand: {score}/10 for pronunciation."}},
    {kClearPronunciation, kListed, {"Clear pronunciation ({score}/10)", "Words that are easy to understand (pronunciation {score}/10)"}},
    {kFluent, kSaid, {"You speak fluently, with few breaks ({score}/10).", "Your speech flows nicely: {score}/10 for fluency."}},
    {kFluent, kListed, {"Fluent speech ({score}/10)", "A smooth flow with few breaks ({score}/10)"}},
    {kNoLongPauses, kSaid, {"You kept going without a single long pause.", "There was no long pause from start to finish."}},
    {kNoLongPauses, kListed, {"No long pauses", "A steady flow without long stops"}},
    {kGoodPace, kSaid, {"About {n} words a minute is a comfortable pace.", "At about {n} words a minute you are easy to follow."}},
    {kGoodPace, kListed, {"A comfortable pace (about {n} words a minute)", "An easy speed to follow (about {n} words a minute)"}},
    {kLivelyMelody, kSaid, {"Your voice rises and falls naturally: {score}/10 for intonation.", "I like your lively intonation ({score}/10)."}},
    {kLivelyMelody, kListed, {"Natural, lively intonation ({score}/10)", "A voice that rises and falls ({score}/10)"}},
    {kConfident, kSaid, {"You sound confident ({score}/10).", "Your voice is steady: {score}/10 for confidence."}},
    {kConfident, kListed, {"A steady, confident voice ({score}/10)", "Confident delivery ({score}/10)"}},
    {kYesNoRises, kSaid, {"Your voice rises at the end of the question, just as it should.", "The rise at the end makes it a real yes/no question."}},
    {kYesNoRises, kListed, {"A rising voice at the end of the yes/no question", "The right rise at the end of the question"}},
    {kWhFalls, kSaid, {"Your voice falls at the end of the wh- question, which sounds natural.", "The fall at the end suits a wh- question."}},
    {kWhFalls, kListed, {"A falling voice at the end of the wh- question", "Natural intonation at the end of the wh- question"}},
    {kSpokeUp, kSaid, {"You spoke up, and that is the hardest step.", "I am glad you took the time to speak."}},
    {kSpokeUp, kListed, {"Speaking up and recording yourself", "Taking the time to practise aloud"}},
    {kShowedUp, kSaid, {"You made time to practise, and that counts.", "It is good to have you here."}},
    {kShowedUp, kListed, {"Making time to practise", "Starting a practice session"}},

    {kNothingHeard, kSaid, {"I could not hear any English words in this recording.", "I did not recognise any words this time."}},
    {kNothingHeard, kListed, {"Check your microphone, find a quiet place and speak a little louder", "Record again, slowly and clearly, close to the microphone"}},
    {kOtherSentence, kSaid, {"What I heard is quite different from the sentence: only {n}/{m} words match.", "This sounds like another sentence; {n}/{m} words match."}},
    {kOtherSentence, kListed, {"Look at the sentence and read it slowly, phrase by phrase", "Read the sentence silently once before you record"}},
    {kMissedWord, kSaid, {"I did not hear the word “{w}”.", "The word “{w}” is missing; perhaps you skipped it."}},
    {kMissedWord, kListed, {"Say “{w}” clearly instead of skipping over it", "Practise “{w}” alone three times, then put it back"}},
    {kMissedWords, kSaid, {"I did not hear {n} of the words: {list}.", "There are {n} words I could not hear: {list}."}},
    {kMissedWords, kListed, {"Slow down and say every one of {list}", "Practise {list} alone, then the whole sentence"}},
    {kReplacedWord, kSaid, {"The word “{w}” sounded like “{h}” to me.", "Where it says “{w}”, I heard “{h}”."}},
    {kReplacedWord, kListed, {"Practise “{w}” so that it is not heard as “{h}”", "Say “{w}” and then “{h}” slowly, and listen for the difference"}},
    {kExtraWords, kSaid, {"I also heard {list}, which the sentence does not have.", "Compared with the sentence, you added {list}."}},
    {kExtraWords, kListed, {"Keep to the sentence, without adding {list}", "Follow the text as you read, and leave out {list}"}},
    {kUnclearWord, kSaid, {"The word “{w}” was not quite clear to me.", "I had to guess a little at “{w}”."}},
    {kUnclearWord, kListed, {"Say “{w}” more slowly and clearly", "Practise “{w}” alone a few times"}},
    {kLongPauses, kSaid, {"There were {n} long pauses, the longest about {s} seconds.", "I counted {n} long stops, the longest about {s} seconds."}},
    {kLongPauses, kListed, {"Pause only between phrases, and briefly", "Rehearse the whole sentence in your head first, so you stop less"}},
    {kLongPauseAfter, kSaid, {"You paused for about {s} seconds after “{w}”.", "After “{w}” there was a silence of about {s} seconds."}},
    {kLongPauseAfter, kListed, {"Go straight on after “{w}”", "Practise joining “{w}” to the next word"}},
    {kOneLongPause, kSaid, {"There was one pause of about {s} seconds.", "You stopped once for about {s} seconds."}},
    {kOneLongPause, kListed, {"Shorten the pause, and stop only at the end of a phrase", "Take a breath before you start, so you need not stop"}},
    {kSlow, kSaid, {"At about {n} words a minute you are a little slow for conversation.", "About {n} words a minute is still rather slow."}},
    {kSlow, kListed, {"Speak in groups of words instead of word by word", "Repeat the sentence, a little faster each time"}},
    {kFast, kSaid, {"About {n} words a minute is hard to follow.", "You speak rather fast, about {n} words a minute."}},
    {kFast, kListed, {"Slow down on the important words", "Rest briefly at commas and at the end of phrases"}},
    {kFlatMelody, kSaid, {"Your voice stays rather flat.", "The pitch hardly moves, so the sentence sounds flat."}},
    {kFlatMelody, kListed, {"Raise and stretch the word that carries the meaning", "Exaggerate a little, as if you were telling a funny story"}},
    {kYesNoFalls, kSaid, {"This is a yes/no question, but your voice falls at the end.", "Yes/no questions usually rise at the end; yours falls."}},
    {kYesNoFalls, kListed, {"Let your voice rise on the last word of a yes/no question", "End the yes/no question on a rise, as if waiting for the answer"}},
    {kWhRises, kSaid, {"Your voice rises at the end of this wh- question; it usually falls.", "Wh- questions usually fall at the end; yours rises."}},
    {kWhRises, kListed, {"Let your voice fall on the last word of a wh- question", "Stress the question word, then fall towards the end"}},
    {kStatementRises, kSaid, {"Your voice rises at the end, so the statement sounds like a question.", "This is a statement, but your voice rises at the end."}},
    {kStatementRises, kListed, {"Let your voice fall at the end of a statement", "Finish the statement on a falling voice"}},
    {kHesitant, kSaid, {"You still sound a little hesitant: {score}/10 for confidence.", "Confidence is at {score}/10; your voice is a little shy."}},
    {kHesitant, kListed, {"Take a deep breath, then speak up from the first word", "Read it silently once before you record"}},
    {kQuiet, kSaid, {"The recording is rather quiet.", "Your voice is a little quiet in the recording."}},
    {kQuiet, kListed, {"Speak louder, or move the microphone closer", "Raise your voice a little so the recording is clear"}},
    {kLittleStress, kSaid, {"All words are about equally loud, so none stands out.", "The loudness hardly changes, so important words do not stand out."}},
    {kLittleStress, kListed, {"Stress nouns, main verbs and adjectives; glide over small words", "Say content words louder and longer than the rest"}},
    {kShortAnswer, kSaid, {"You said only {n} words, so I could not hear much.", "With {n} words there was little to go on."}},
    {kShortAnswer, kListed, {"Add a sentence or two, such as a reason or an example", "Answer with a longer sentence and more detail"}},
    {kWeakPronunciation, kSaid, {"Pronunciation is at {score}/10, so let's make each word clearer.", "With {score}/10 for pronunciation there is room to be clearer."}},
    {kWeakPronunciation, kListed, {"Read slowly, word by word, then join the words", "Say every word to its very end"}},
    {kWeakFluency, kSaid, {"Fluency is at {score}/10; your speech does not flow yet.", "Your speech is still a little broken ({score}/10)."}},
    {kWeakFluency, kListed, {"Repeat the sentence a few times before you record", "Speak in phrases instead of single words"}},
    {kWeakProsody, kSaid, {"Intonation is at {score}/10, still a little monotonous.", "With {score}/10 for intonation, your voice can rise and fall more."}},
    {kWeakProsody, kListed, {"Pick one important word and really stress it", "Let your voice follow the meaning of the sentence"}},
    {kNextChallenge, kSaid, {"There is little for me to correct this time.", "Nothing needs fixing urgently."}},
    {kNextChallenge, kListed, {"Say it again with more feeling, as if to a friend", "Try a longer or harder sentence", "Say it again without looking at the text"}},

    {kTipFinalS, kListed, {"In “{w}”, try to watch the s at the end: let it hiss a little longer", "Try to watch the final s of “{w}”"}},
    {kTipEd, kListed, {"In “{w}”, try to watch the -ed: it is /t/, /d/ or /ɪd/", "Try to watch the -ed of “{w}”, so the last sound is heard"}},
    {kTipTh, kListed, {"In “{w}”, try to watch the th: tongue lightly between the teeth, then blow", "Try to watch the th of “{w}”, without a hard t"}},
    {kTipSh, kListed, {"In “{w}”, try to watch the sh: round your lips and draw the tongue back", "Try to watch the sh of “{w}”, with rounder lips than for s"}},
    {kTipFinalCluster, kListed, {"In “{w}”, try to watch the last consonants and say each of them", "Try to watch the final consonants of “{w}”: slowly first, then faster"}},
    {kTipFinalConsonant, kListed, {"In “{w}”, try to watch the last consonant and finish it", "Try to watch the last sound of “{w}”, released lightly"}},

    {kWordsUnknown, kSaid, {"I could not recognise your words this time, so {score}/10 for pronunciation is only a placeholder."}},
    {kMelodyUnknown, kSaid, {"I could not measure your pitch this time, so there is no comment on intonation."}},

    {kNoteFlat, kSaid, {"The voice is rather even: the pitch varies by only about {x} semitones.", "The pitch changes little (about {x} semitones)."}},
    {kNoteModerate, kSaid, {"The pitch varies by about {x} semitones, a moderate amount.", "The voice rises and falls moderately (about {x} semitones)."}},
    {kNoteLively, kSaid, {"The pitch varies by about {x} semitones, clearly rising and falling.", "The voice moves a lot (about {x} semitones)."}},
    {kNotePauses, kSaid, {"Pauses: {n}, {s} seconds on average.", "Number of pauses: {n}, on average {s} seconds long."}},
    {kNoteNoPauses, kSaid, {"There are no noticeable pauses."}},
    {kNotePace, kSaid, {"The pace is about {n} words a minute.", "You speak at about {n} words a minute."}},
    {kNoteEndRises, kSaid, {"The voice rises at the end."}},
    {kNoteEndFalls, kSaid, {"The voice falls at the end."}},
    {kNoteSilent, kSaid, {"There is not enough speech to comment on intonation."}},

    {kCloseSentence, kSaid, {"Read it once more, and it will flow better!", "Try again, I am listening!", "Once more, at your own pace!"}},
    {kCloseConversation, kSaid, {"Tell me more!", "Say one more sentence, I am listening!", "Keep talking, it gets easier each time!"}},
    {kCloseSentenceHigh, kSaid, {"Try a harder sentence next!", "Take this form into the next sentence!"}},
    {kCloseConversationHigh, kSaid, {"Keep it up!", "I would love to hear more!"}},
    {kCloseTryAgain, kSaid, {"Please record again, I am ready to listen!", "Check your microphone and try again, I will be here!"}},

    {kDegraded, kSaid, {"The AI system is busy, this is a first analysis: You speak with a confidence of {score}/10."}},
};

}  // namespace

std::span<const PhraseRow> EnglishPhrases() { return kPhrases; }

}  // namespace speechcoach::scoring
