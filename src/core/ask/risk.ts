import type { AskedNames } from "./known";

/** Parts of names of tasks whose doing is seen by others, or hard to take back. */
const RISKY =
  /deploy|releas|publish|ship|migrat|rollback|revert|reset|drop|delet|remov|destroy|purge|wipe|clean|truncate|restore|seed|push|upload|prod|apply|install|upgrade|update|kill|stop|shutdown|backup|sync|send|notify|tag|bump|promote|provision|terraform|kube|infra|live/i;

/** Words of a sentence that ask for more than usual. */
const RISKY_WORDS = /\b(?:prod(?:uction)?|live|force)\b|프로덕션|운영|상용|강제|本番|生产/iu;

/** Whether tasks are of the kind that nobody should start by a misunderstanding. */
export function isRisky(taskNames: readonly string[], names: AskedNames, text: string): boolean {
  if (RISKY_WORDS.test(text)) return true;
  return names.tasks
    .filter(({ name }) => taskNames.includes(name))
    .some(
      ({ name, description, tags }) =>
        RISKY.test(name) || RISKY.test(description) || tags.some((tag) => RISKY.test(tag)),
    );
}
