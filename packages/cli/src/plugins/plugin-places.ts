import { aliasOf, nearestPlugin } from "../bundled-plugins.js";
import type { Project } from "../project/project.js";
import type { PluginPlaces } from "./plugin-loader.js";

/** Where the plugins of a project are looked up. */
export function placesOf({ folder, file }: Project): PluginPlaces {
  return { projectFolder: folder, projectFile: file, aliasOf, nearestPlugin };
}
