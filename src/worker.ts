import type { ContentQuestion } from "#engine/cache/content-work";
import { drawApart } from "#system/fs/draw-number";
import { takeCreationMask } from "#system/fs/creation-mask";
import { expectLongWork } from "#system/process/compiler";
import { answerWith, threadOptions } from "#system/thread/answer";

/** The other threads of the program. What they are asked comes from this program alone. */
const { index, mask } = threadOptions();
drawApart(index);
takeCreationMask(mask);
expectLongWork();
answerWith(async (question) => {
  const { answerContentQuestion } = await import("#engine/cache/content-work");
  return answerContentQuestion(question as ContentQuestion);
});
