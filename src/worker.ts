import type { ContentQuestion } from "#engine/cache/content-work";
import { drawApart } from "#system/cas/draw-number";
import { expectLongWork } from "#system/process/compiler";
import { answerWith, threadIndex } from "#system/thread/answer";

/** The other threads of the program. What they are asked comes from this program alone. */
drawApart(threadIndex());
expectLongWork();
answerWith(async (question) => {
  const { answerContentQuestion } = await import("#engine/cache/content-work");
  return answerContentQuestion(question as ContentQuestion);
});
