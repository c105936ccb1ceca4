import { expect, test } from "vitest";

import { rowsOfSkills, skillsOfRows } from "./skills";

test("skills are rows and back", () => {
  const skills = { 英语: 8, 退款: 5 };
  expect(skillsOfRows(rowsOfSkills(skills))).toEqual(skills);
});
