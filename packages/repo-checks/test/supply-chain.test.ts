import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { listFiles, readPublishedPackages, readRootFile, readRootJson } from "./repository.js";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly needs?: string;
  /** A workflow that is the whole of the job. */
  readonly uses?: string;
  readonly steps?: readonly Step[];
}

interface GithubWorkflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const paths = listFiles(".github/workflows");
const workflows = paths.map((path) => ({ path, text: readRootFile(path), jobs: parseWorkflow(path).jobs }));
const jobs = workflows.flatMap(({ path, jobs }) =>
  Object.entries(jobs).map(([name, job]) => ({ path, name, ...job, steps: job.steps ?? [] })),
);

function parseWorkflow(path: string): GithubWorkflow {
  return parse(readRootFile(path)) as GithubWorkflow;
}

test("pnpm refuses what is too young, less proven than before, built, or from elsewhere", () => {
  expect(parse(readRootFile("pnpm-workspace.yaml"))).toMatchObject({
    catalogMode: "strict",
    allowBuilds: { esbuild: true },
    minimumReleaseAge: 4320,
    minimumReleaseAgeIgnoreMissingTime: true,
    trustPolicy: "no-downgrade",
    blockExoticSubdeps: true,
  });
});

test("the lockfile takes everything from the registry, by its hash", () => {
  const { packages } = parse(readRootFile("pnpm-lock.yaml")) as {
    readonly packages: Readonly<Record<string, { readonly resolution: Readonly<Record<string, string>> }>>;
  };
  const odd = Object.entries(packages).filter(
    ([, { resolution }]) =>
      Object.keys(resolution).join() !== "integrity" || !/^sha512-/.test(resolution.integrity ?? ""),
  );
  expect(odd).toEqual([]);
});

test("one version of pnpm is named everywhere", () => {
  const { packageManager } = readRootJson<{ readonly packageManager: string }>("package.json");
  const files = [".ci/run", "CONTRIBUTING.md", ...paths];
  const named = files.flatMap((path) => [...readRootFile(path).matchAll(/pnpm@[\d.]+\d/g)].map(([text]) => text));
  expect([...new Set(named)]).toEqual([packageManager]);
});

test("no published package runs anything when it is installed", () => {
  const hooks = ["preinstall", "install", "postinstall", "prepare", "prepublish", "dependencies"];
  const scripts = readPublishedPackages().flatMap(({ folder }) =>
    Object.keys(readRootJson<{ scripts?: object }>(`packages/${folder}/package.json`).scripts ?? {}),
  );
  expect(scripts.filter((name) => hooks.includes(name))).toEqual([]);
});

describe("workflows of GitHub Actions", () => {
  test("name every action by its whole commit, with the version that it is", () => {
    const uses = workflows.flatMap(({ text }) => text.split("\n").filter((line) => /\buses:/.test(line)));
    expect(uses.length).toBeGreaterThan(0);
    expect(
      uses.filter(
        (line) => !/uses: ([\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/workflows\/ci\.yml)$/.test(line),
      ),
    ).toEqual([]);
  });

  test("give no right that a job does not name, and hold no secret", () => {
    const atTop = paths.map((path) => Object.values(parseWorkflow(path).permissions ?? { missing: "write" }));
    expect(atTop.flat().filter((right) => right !== "read")).toEqual([]);
    expect(workflows.filter(({ text }) => /\bsecrets\./.test(text)).map(({ path }) => path)).toEqual([]);
    expect(workflows.filter(({ text }) => /pull_request_target|workflow_run/.test(text))).toEqual([]);
  });

  test("publish from one job, which can write nothing else and builds nothing", () => {
    const publishing = jobs.filter(({ permissions }) => permissions?.["id-token"] !== undefined);
    expect(publishing.map(({ name, permissions }) => [name, permissions])).toEqual([
      ["publish", { contents: "read", "id-token": "write" }],
    ]);
    expect(publishing.flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))).toEqual([
      "npx -y pnpm@12.21.0 install --frozen-lockfile --ignore-scripts",
      "npx -y pnpm@12.21.0 release",
    ]);
  });

  test("publish only what has passed all of CI, tests and packing alike", () => {
    const { jobs: ofRelease } = parseWorkflow(".github/workflows/release.yml");
    const before = (name: string): readonly string[] => {
      const needed = ofRelease[name]?.needs;
      return needed === undefined ? [] : [...before(needed), needed];
    };
    expect(before("publish")).toEqual(["propose", "check", "pack"]);
    expect(ofRelease.check?.uses).toBe("./.github/workflows/ci.yml");
    const { on, jobs: ofCi } = parse(readRootFile(".github/workflows/ci.yml"));
    expect(Object.keys(on)).toContain("workflow_call");
    expect(Object.values<Job>(ofCi).flatMap(({ steps }) => steps?.map(({ run }) => run))).toContain(".ci/run");
  });

  test("leave no token where code of others runs: not on the disk, and in the environment of git and gh only", () => {
    const steps = jobs.flatMap(({ steps }) => steps);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
    const withToken = steps.filter(({ env }) => Object.values(env ?? {}).some((value) => value.includes("token")));
    expect(withToken.length).toBeGreaterThan(0);
    expect(withToken.filter(({ run }) => /\b(npx|pnpm|npm|node)\b/.test(run ?? ""))).toEqual([]);
  });

  test("install what the lockfile says", () => {
    const runs = jobs.flatMap(({ steps }) => steps.flatMap(({ run }) => run?.split("\n") ?? []));
    const installs = runs.filter((line) => /pnpm@[\d.]+ install/.test(line));
    expect(installs.length).toBeGreaterThan(0);
    expect(installs.filter((line) => !line.includes("--frozen-lockfile"))).toEqual([]);
  });
});
