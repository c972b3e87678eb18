import { runInNewContext, Script } from "node:vm";
import { parse } from "acorn";
import { expect, test } from "vitest";
import { compileAtOnce } from "../eager-functions.mjs";

/** As if each function of the code had run. */
function allAtOnce(code: string): string {
  const ran = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("start" in value && "end" in value) ran.add(`${value.start}:${value.end}`);
    for (const inner of Object.values(value)) look(inner);
  };
  look(parse(code, { ecmaVersion: "latest" }));
  return compileAtOnce(code, ran);
}

/** Code that ends in an expression, with how it is written when everything in it is compiled at once. */
const CASES: readonly (readonly [name: string, code: string, atOnce: string])[] = [
  [
    "declarations go to the top, where they count from",
    '"use strict";let a=f(2);function f(x){return g(x)+1}function g(x){return x*2}a',
    '"use strict";var f=(function f(x){return g(x)+1});var g=(function g(x){return x*2});let a=f(2);a',
  ],
  [
    "declarations in functions, too",
    "function f(x){const y=g();return x+y;function g(){return 5}}f(1)",
    "var f=(function f(x){var g=(function g(){return 5});const y=g();return x+y;});f(1)",
  ],
  [
    "one that is put in the place of another later, and one in a block, stay",
    "function f(){return 1}f=()=>2;{function g(){return 3}}f()+g()",
    "function f(){return 1}f=(()=>2);{function g(){return 3}}f()+g()",
  ],
  [
    "what has the same name elsewhere may be put in another's place there",
    "function f(x){return g(x);function g(y){return y+1}}let g=1;g=2;f(g)",
    "var f=(function f(x){var g=(function g(y){return y+1});return g(x);});let g=1;g=2;f(g)",
  ],
  [
    "functions and arrow functions",
    "const f=function(x){return x.map(y=>y+1)},g=(x)=>(y)=>({s:x+y});f([1])[0]+g(1)(2).s",
    "const f=(function(x){return x.map((y=>y+1))}),g=((x)=>((y)=>({s:x+y})));f([1])[0]+g(1)(2).s",
  ],
  [
    "methods of objects, but for those that need to be methods",
    'const o={"a b"(){return 1},get x(){return 2},async*y(){},z(){return super.toString===undefined},[1]:3};o["a b"]()+o.x+o.z()',
    'const o={"a b":(function(){return 1}),get x(){return 2},y:(async function*(){}),z(){return super.toString===undefined},[1]:3};o["a b"]()+o.x+o.z()',
  ],
  [
    "asynchronous arrow functions become functions, unless they see what is around them",
    "const f=async x=>x+1,g=async(x,y)=>({x,y}),h=async()=>{await f(1)},i=async()=>this;[f,g,h,i].map(k=>k.name).join()",
    "const f=(async function (x){return(x+1)}),g=(async function(x,y){return(({x,y}))}),h=(async function(){await f(1)}),i=async()=>this;[f,g,h,i].map((k=>k.name)).join()",
  ],
  [
    "classes are left as they are",
    "class A{constructor(){this.x=1}f(){return this.x}}new A().f()",
    "class A{constructor(){this.x=1}f(){return this.x}}new A().f()",
  ],
];

test.each(CASES)("%s", (_, code, atOnce) => {
  const written = allAtOnce(code);
  expect(written).toBe(atOnce);
  expect(runInNewContext(written)).toEqual(runInNewContext(code));
});

test("what never ran stays as it is", () => {
  const code = "function f(){return 1}const g=()=>2;f()+g()";
  expect(compileAtOnce(code, new Set())).toBe(code);
});

test("the code that V8 keeps of a file then has the functions in it", () => {
  const body = `{${"if(x>1)x=[x,x+1].map(String).join(x);".repeat(20)}return x}`;
  const code = `function f(x)${body}const g=async x=>${body},o={h(x)${body}};`;
  const kept = (written: string): number => new Script(written).createCachedData().length;
  expect(kept(allAtOnce(code))).toBeGreaterThan(kept(code) * 3);
});
