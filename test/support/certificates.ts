import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";

/** A certificate and its key, PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function openssl(directory: string, ...args: string[]): void {
  execFileSync("openssl", args, { cwd: directory, stdio: "pipe" });
}

/** An authority of a test's own, made by openssl. */
export class Authority {
  readonly cert: string;
  private readonly directory = mkdtempSync(join(tmpdir(), "flinch-authority-"));
  private count = 0;

  constructor(
    t: Test,
    private readonly name = "ca",
  ) {
    const { directory } = this;
    t.teardown(() => rmSync(directory, { recursive: true, force: true }));
    const files = ["-keyout", `${name}.key`, "-out", `${name}.pem`];
    openssl(directory, "req", "-x509", ...newKey, ...files, "-days", "2", "-subj", `/CN=${name} of a test`);
    this.cert = this.read(`${name}.pem`);
  }

  /**
   * A certificate that it signed.
   * @param days from now on; less than 0 for one that has expired
   */
  issue(commonName: string, extensions: string, days = 1): Pair {
    const name = `${this.name}-${++this.count}`;
    openssl(
      this.directory,
      "req",
      "-new",
      ...newKey,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      `/CN=${commonName}`,
    );
    writeFileSync(join(this.directory, `${name}.ext`), extensions);
    const authority = ["-CA", `${this.name}.pem`, "-CAkey", `${this.name}.key`, "-CAcreateserial"];
    const files = ["-in", `${name}.csr`, "-out", `${name}.pem`, "-extfile", `${name}.ext`];
    openssl(this.directory, "x509", "-req", ...authority, ...files, "-days", String(days));
    return { cert: this.read(`${name}.pem`), key: this.read(`${name}.key`) };
  }

  /** A certificate for a broker on this machine, which is called localhost and nothing else. */
  broker(days?: number): Pair {
    return this.issue("broker", "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n", days);
  }

  /** A certificate for a client of this name. */
  client(name: string): Pair {
    return this.issue(name, "extendedKeyUsage=clientAuth\n");
  }

  private read(file: string): string {
    return readFileSync(join(this.directory, file), "utf8");
  }
}
