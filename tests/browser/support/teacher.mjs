// An account with a role, as an administrator would have made it.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

// What the page keeps of a sign-in: { token, expires_at, user, refresh }.
export async function teacherSignIn(server, { email = "hoa@example.org", name = "Cô Hoa", role = "teacher" } = {}) {
  const body = JSON.stringify({ email, password: "một mật khẩu tốt", name });
  const answer = await fetch(`${server.url}/api/v1/auth/register`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const { token, expires_at, user, refresh_token, refresh_expires_at } = await answer.json();
  const database = new DatabaseSync(join(server.dataDirectory, "speechcoach.db"));
  database.exec(`PRAGMA busy_timeout = 5000; UPDATE users SET role = '${role}' WHERE id = ${user.id}`);
  database.close();
  return { token, expires_at, user, refresh: { token: refresh_token, expires_at: refresh_expires_at } };
}
