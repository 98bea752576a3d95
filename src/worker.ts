import type { ContentQuestion } from "#engine/cache/content-work";
import { drawApart } from "#system/fs/draw-number";
import { takeCreationMask } from "#system/fs/creation-mask";
import { takeProgramBegan } from "#system/process/program-began";
import { answerWith, threadOptions } from "#system/thread/answer";

/** The other threads of the program. What they are asked comes from this program alone. */
const { index, mask, beganMs } = threadOptions();
drawApart(index);
takeCreationMask(mask);
takeProgramBegan(beganMs);
answerWith(async (question) => {
  const { answerContentQuestion } = await import("#engine/cache/content-work");
  return answerContentQuestion(question as ContentQuestion);
});
