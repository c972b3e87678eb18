import { allowedEnvironment, inputVariable, type PluginHost, type TurnTask } from "@troupe/core";

type Environment = Readonly<Record<string, string>>;

/** Facts of a turn that agents and commands find in their environment, the process marker among them. */
export function turnFacts(task: TurnTask, facts: { readonly marker: string; readonly artifacts: string }): Environment {
  const inputs = Object.entries(task.values).map(([name, value]) => [inputVariable(name), value] as const);
  return {
    TROUPE_RUN_ID: task.runId,
    TROUPE_STAGE: task.stage.id,
    TROUPE_KIND: task.kind,
    TROUPE_ROUND: String(task.round),
    TROUPE_TURN: facts.marker,
    TROUPE_ARTIFACTS: facts.artifacts,
    ...Object.fromEntries(inputs),
  };
}

/** An agent gets the allow-listed part of our environment, what its configuration adds, and the facts of the turn. */
export function agentEnvironment(host: PluginHost, added: Environment, facts: Environment): Environment {
  return { ...allowedEnvironment(host.environment), ...added, ...facts };
}

/** A command of the workflow's author gets all of our environment, and the facts of the turn. */
export function commandEnvironment(host: PluginHost, facts: Environment): Environment {
  // inputs of a run that we run in ourselves are none of this one's
  const own = Object.entries(host.environment).flatMap(([name, value]) =>
    value === undefined || name.startsWith("TROUPE_INPUT_") ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), ...facts };
}
