import { t } from "./index";

// What a teacher reads for a learner, who need not have given a name.
export function learnerName({ user_id, name }: { user_id: number; name: string }): string {
  return name || t("learner.unnamed", { id: user_id });
}
