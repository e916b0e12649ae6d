/** Files that are downloaded once and then kept in this browser, found again by what they contain. */
import type { FileToLoad } from "./messages";

const SHELF = "fer-studio";
const MOST_KEPT = 12;

/** Give a file's content, from the browser's own store or else from the server.
 * @param counted told how many bytes have come so far
 */
export async function loadFile(file: FileToLoad, counted: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const shelf = await openShelf();
  const key = new URL(`/${SHELF}/${file.digest}`, self.location.href).href;
  const kept = await shelf?.match(key);
  if (kept?.body) {
    try {
      return await contentOf(kept.body, file, counted);
    } catch {
      await shelf?.delete(key); // a damaged copy is fetched anew
      counted(0);
    }
  }
  const packed = await download(file, counted);
  const content = await contentOf(new Blob([packed]).stream(), file, () => {});
  await keep(shelf, key, packed);
  return content;
}

async function download(file: FileToLoad, counted: (bytes: number) => void): Promise<ArrayBuffer> {
  const response = await fetch(file.url);
  if (!response.ok || !response.body) {
    throw new Error(`${file.url}: expected a file, received status ${response.status}. Reload the page.`);
  }
  return new Response(counting(response.body, counted)).arrayBuffer();
}

/** Unpack, and see that it is what was meant. */
async function contentOf(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
  file: FileToLoad,
  counted: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const plain = counting(packed, counted).pipeThrough(new DecompressionStream("gzip"));
  const content = await new Response(plain).arrayBuffer();
  if (self.crypto?.subtle) {
    const digest = new Uint8Array(await self.crypto.subtle.digest("SHA-256", content));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    if (hex !== file.digest) throw new Error(`${file.url}: expected SHA-256 ${file.digest}, received ${hex}. Reload the page.`);
  }
  return new Uint8Array(content);
}

function counting(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  counted: (bytes: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let bytes = 0;
  const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, out) {
      bytes += chunk.byteLength;
      counted(bytes);
      out.enqueue(chunk);
    },
  });
  return stream.pipeThrough(count);
}

/** The store; none on a page that came over plain http, or where the person keeps pages from storing. */
async function openShelf(): Promise<Cache | undefined> {
  try {
    return await self.caches?.open(SHELF);
  } catch {
    return undefined;
  }
}

async function keep(shelf: Cache | undefined, key: string, packed: ArrayBuffer): Promise<void> {
  if (!shelf) return;
  try {
    await shelf.put(key, new Response(packed));
    const keys = await shelf.keys();
    await Promise.all(keys.slice(0, Math.max(keys.length - MOST_KEPT, 0)).map((old) => shelf.delete(old)));
  } catch {
    // No room: it is fetched again next time.
  }
}
