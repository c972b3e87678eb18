/** A run that once broke a rule: the choices that shape its workflow, and those of what happens to it. */
export interface FailedCase {
  readonly found: string;
  readonly shape: readonly number[];
  readonly happenings: readonly number[];
}

/**
 * Replayed before anything random. A failing run of the model test prints the line to add here. What the choices mean
 * changes with the generators: an old case then is one more random one, which harms nothing.
 */
export const FAILED_CASES: readonly FailedCase[] = [
  // biome-ignore format: one case a line
  { found: "does not hold: A completes with passed checks", shape: [0, 0, 54909, 0, 8265], happenings: [0, 0, 0, 0, 0, 0, 0, 0, 2960, 14237, 0, 0, 0, 12790, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 51179, 0, 28695, 0, 0, 0, 0, 0, 0, 0, 0, 39101, 29060, 0, 5660] },
  // biome-ignore format: one case a line
  {"found":"does not hold: A.1 completes with passed checks","shape":[6,0,0,0,0,0,4,0,0,0,0,0,0,5880,7957,0,23173,0,0,0,0,0,0,39399,0,27651,0,47065,40585,0,0,0,0,0,0,0,0,0,0,52049],"happenings":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,58358,0,0,0,0,0,0,0,0,0,0,39560,0,0,0,0,10370,0,0,0,11558,17782,8237,48990,30493,54077,48680,28382,13783,46238,9996,23126,62199,23612,6174,22618,7079,10074,61249,57579,17928,3202,12390,39859,61437,12785,15767,59427,39223,50782,33624,31238,57978,28400,50576,37946,18151,47151,30335,59119,43789,40553,34412,35930,45486,21685,12043,632,47722,30025,35721,35363,48995,35680,12577,18721,37594,21581,22614,9517,11625,51254]},
];
