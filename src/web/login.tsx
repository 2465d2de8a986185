import { useState } from "preact/hooks";
import { api } from "./api.js";

/** Asks who somebody is. */
export function Login({ onDone }: { onDone: () => Promise<void> }) {
  const [problem, setProblem] = useState("");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    try {
      await api.login(String(form.get("name")), String(form.get("password")));
      setProblem("");
      await onDone();
    } catch (thrown) {
      setProblem((thrown as Error).message);
    }
  };
  return (
    <main class="login">
      <h1>Flinch</h1>
      <form onSubmit={(event) => void submit(event)} class="card">
        <label>
          Name
          <input name="name" autocomplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <button type="submit" class="primary">
          Log in
        </button>
        <p role="alert" class="problem">
          {problem}
        </p>
      </form>
    </main>
  );
}
