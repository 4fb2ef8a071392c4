// What a LiveSession is to be told of: `own`, before these. Whatever ends it without a result rejects; the rest is ignored.
export function liveEvents(reject, own) {
  const ignored = () => {};
  return {
    onConnection: ignored,
    onProgress: ignored,
    onTranscription: ignored,
    onHint: ignored,
    onPitch: ignored,
    onProsody: ignored,
    onPronunciation: ignored,
    onCoachTurn: ignored,
    onTurnEnded: ignored,
    onError: (error, isFinal) => isFinal && reject(new Error(error.code)),
    onEndedUnheard: () => reject(new Error("ended unheard")),
    onLost: (reason) => reject(new Error(`lost: ${reason}`)),
    ...own,
  };
}
