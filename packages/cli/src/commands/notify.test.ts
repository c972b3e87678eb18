import { createServer, type ServerResponse } from "node:http";
import { expect, onTestFinished, test, vi } from "vitest";
import { createCli } from "../../test/cli-harness.js";

interface Received {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A service on loopback. */
async function createService(answer: (response: ServerResponse) => void) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/hooks/canary-12345678`, received, port };
}

const environmentWith = (more: Readonly<Record<string, string>>) => ({
  environment: { PATH: process.env.PATH, HOME: process.env.HOME, ...more },
});

test("notify shows who is told of what, what is missing, and that nobody is", async () => {
  const cli = await createCli();
  expect(await cli.shown("notify")).toMatchInlineSnapshot(`
    "exit 0
    --- stderr
    nobody is told of runs: there is no troupe.yaml. Write into troupe.yaml, for example: notify: [desktop]
    "
  `);
  await cli.write("troupe.yaml", "store: fs\n");
  expect(await cli.shown("notify", "--test")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: nobody is told of runs: troupe.yaml has no notify [USAGE]
    hint: Write into troupe.yaml, for example: notify: [desktop]
    "
  `);
  await cli.write(
    "troupe.yaml",
    "notify:\n  - bell\n  - { slack: { from: SLACK_URL }, events: [failed] }\n  - { command: [./gone.sh], events: [finished] }\n",
  );
  expect(await cli.shown("notify")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
     1  bell               failed, limited, cancelled, succeeded, reached, waiting, question, approval
                           PROBLEM: there is no terminal that could ring
                           Start troupe in one, or take the hook out.
     2  slack SLACK_URL    failed
                           PROBLEM: SLACK_URL is not set
                           Set it: export SLACK_URL=...
     3  command ./gone.sh  finished
                           PROBLEM: the program ./gone.sh was not found
                           Install ./gone.sh, or put it on the PATH.
    --- stderr
    Send a test notification: troupe notify --test
    "
  `);
  expect(JSON.parse((await cli.run("notify", "2", "--json")).stdout)).toEqual({
    version: 1,
    ok: false,
    hooks: [
      {
        n: 2,
        kind: "slack",
        hook: "slack SLACK_URL",
        events: ["failed"],
        problems: [{ message: "SLACK_URL is not set", hint: "Set it: export SLACK_URL=..." }],
        test: null,
      },
    ],
  });
  expect(await cli.shown("notify", "slakc")).toMatchInlineSnapshot(`
    "exit 2
    --- stderr
    error: notify in troupe.yaml has no hook "slakc"; did you mean slack? (there are 1 to 3: bell, slack, command) [USAGE]
    hint: See all of them: troupe notify
    "
  `);
  expect((await cli.run("notify", "4")).code).toBe(2);
});

test("a test reaches each hook as a run would, marked as a test", async () => {
  const service = await createService((response) => void response.writeHead(202).end("thanks"));
  const cli = await createCli({
    "troupe.yaml": `notify:
  - { command: "cat > told.json; test \\"$TROUPE_EVENT\\" = test", events: [failed] }
  - { slack: { from: SLACK_URL }, events: [failed] }
  - { webhook: { from: SLACK_URL } }
`,
  });
  const { code, stdout, stderr } = await cli.runWith(environmentWith({ SLACK_URL: service.url }), "notify", "--test");
  const shown = stdout.replaceAll(String(service.port), "PORT").replace(/in \S+:/g, "in SPAN:");
  expect({ code, shown, stderr }).toMatchInlineSnapshot(`
    {
      "code": 0,
      "shown": " 1  command cat        sent in SPAN: cat > told.json; test "$TROUPE_EVENT" = test ended with exit code 0
     2  slack SLACK_URL    sent in SPAN: 127.0.0.1:PORT answered 202
     3  webhook SLACK_URL  sent in SPAN: 127.0.0.1:PORT answered 202
    ",
      "stderr": "",
    }
  `);
  const told = JSON.parse(cli.read("told.json"));
  expect(told).toMatchObject({
    event: "test",
    events: ["test"],
    run: "",
    title: "Test: troupe can reach you",
    next: null,
  });
  const posted = service.received.map(({ body }) => JSON.parse(body)).find((body) => body.event === "test");
  expect(posted).toEqual({
    ...told,
    key: expect.stringMatching(/^test\/[0-9a-f]{16}\/webhook-[0-9a-f]{8}$/),
    at: expect.any(Number),
  });
  expect(cli.has(".troupe")).toBe(false);
});

test("of each that fails it says why and what to do, and shows no secret", async () => {
  const service = await createService(
    (response) => void response.writeHead(429, { "retry-after": "30" }).end("slow down /hooks/canary-12345678"),
  );
  const cli = await createCli({
    "troupe.yaml": `notify:
  - { slack: { from: SLACK_URL } }
  - { webhook: { from: NOT_SET } }
  - { webhook: { from: NO_URL } }
  - { command: "echo went wrong >&2; exit 3" }
  - { command: [./gone.sh] }
  - { command: "head -c 20000000 /dev/zero | tr '\\\\0' x; exit 9" }
  - { command: [sleep, "60"], timeout: 1s }
  - { webhook: "http://127.0.0.1:9/" }
  - bell
  - { command: ["true"] }
`,
  });
  const given = environmentWith({ SLACK_URL: service.url, NO_URL: "canary-87654321" });
  const { code, stdout, stderr } = await cli.runWith(given, "notify", "--test");
  const shown = stdout.replaceAll(String(service.port), "PORT").replace(/(in|after) \S+:/g, "$1 SPAN:");
  expect({ code, shown: shown.replace(/x{50,}/g, "xxx"), stderr }).toMatchInlineSnapshot(`
    {
      "code": 6,
      "shown": " 1  slack SLACK_URL      FAILED after SPAN: 127.0.0.1:PORT answered 429: slow down [secret SLACK_URL]
                             It asks to be left alone for SPAN.
     2  webhook NOT_SET      FAILED after SPAN: NOT_SET is not set
                             Set it: export NOT_SET=...
     3  webhook NO_URL       FAILED after SPAN: NO_URL holds no http or https URL
                             Put the address into it: export NO_URL=https://...
     4  command echo         FAILED after SPAN: echo went wrong >&2; exit 3 ended with exit code 3: went wrong
     5  command ./gone.sh    FAILED after SPAN: the program ./gone.sh was not found
                             Install ./gone.sh, or put it on the PATH.
     6  command head         FAILED after SPAN: head -c 20000000 /dev/zero | tr '\\0' x; exit 9 ended with exit code 9: xxx
     7  command sleep        FAILED after SPAN: sleep 60 did not end within SPAN
                             See what it waits for, or give it longer: timeout of the hook in troupe.yaml.
     8  webhook 127.0.0.1:9  FAILED after SPAN: 127.0.0.1:9 has a port that is closed to HTTP
                             Let it listen on another one: https://fetch.spec.whatwg.org/#port-blocking
     9  bell                 FAILED after SPAN: there is no terminal that could ring
                             Try it in one.
    10  command true         sent in SPAN: true ended with exit code 0
    ",
      "stderr": "error: 9 of 10 notifications were not sent: slack SLACK_URL, webhook NOT_SET, webhook NO_URL, command echo, command ./gone.sh, command head, command sleep, webhook 127.0.0.1:9, bell [NOTIFICATION_NOT_SENT]
    hint: Do what stands there, then try again: troupe notify --test 1 2 3 4 5 6 7 8 9
    ",
    }
  `);
  expect(`${stdout}${stderr}`).not.toContain("canary");
  const again = await cli.runWith(given, "notify", "--test", "1", "10", "--json");
  const { ok, hooks } = JSON.parse(again.stdout);
  expect([again.code, ok, hooks.map((one: { readonly test: { readonly status: string } }) => one.test.status)]).toEqual(
    [6, false, ["failed", "sent"]],
  );
  expect(JSON.parse(again.stderr).error).toMatchObject({ code: "NOTIFICATION_NOT_SENT", details: { hooks: [1] } });
});

test("Ctrl+C ends a test with all that it has started", async () => {
  const cli = await createCli({ "troupe.yaml": 'notify: [{ command: "touch started; sleep 600", timeout: 5m }]\n' });
  const running = cli.run("notify", "--test");
  await cli.appears("started");
  await vi.waitFor(() => expect(cli.listeners()).toBe(1));
  cli.signal("SIGINT");
  expect((await running).code).toBe(130);
  expect(cli.listeners()).toBe(0);
});

test("the bell rings in a terminal", async () => {
  const cli = await createCli({ "troupe.yaml": "notify: [bell]\n" });
  const written: string[] = [];
  const stderr = {
    write: (text: string) => void written.push(text),
    isTerminal: true,
    size: () => ({ columns: 80, rows: 24 }),
  };
  const { code, stdout } = await cli.runWith({ stderr }, "notify", "--test");
  expect([code, stdout, written]).toEqual([0, expect.stringMatching(/^ 1 {2}bell {2}sent in /), ["\u0007"]]);
});
