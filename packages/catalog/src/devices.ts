import type { Device } from "@edgewise/planner/schema";
import { awsC7gLarge } from "./devices/aws-c7g-large.ts";
import { browserDesktop } from "./devices/browser-desktop.ts";
import { esp32S3 } from "./devices/esp32-s3.ts";
import { galaxyS24 } from "./devices/galaxy-s24.ts";
import { iphone15 } from "./devices/iphone-15.ts";
import { iphone15Pro } from "./devices/iphone-15-pro.ts";
import { laptopCoreUltra7 } from "./devices/laptop-core-ultra-7.ts";
import { nucleoH743zi } from "./devices/nucleo-h743zi.ts";
import { nucleoL4r5zi } from "./devices/nucleo-l4r5zi.ts";
import { pixel8 } from "./devices/pixel-8.ts";
import { raspberryPi5 } from "./devices/raspberry-pi-5.ts";
import { raspberryPiPico } from "./devices/raspberry-pi-pico.ts";

/** Every device the catalog knows, sorted by id. */
export const devices: readonly Device[] = [
  awsC7gLarge,
  browserDesktop,
  esp32S3,
  galaxyS24,
  iphone15,
  iphone15Pro,
  laptopCoreUltra7,
  nucleoH743zi,
  nucleoL4r5zi,
  pixel8,
  raspberryPi5,
  raspberryPiPico,
];
