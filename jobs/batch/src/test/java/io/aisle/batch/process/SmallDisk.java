package io.aisle.batch.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few kilobytes or megabytes in memory. Closing unmounts it. */
final class SmallDisk implements AutoCloseable {
    private static final int BLOCK = 4_096;

    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    /** Mounts one at a directory; skips the test where this machine does not let us. */
    static SmallDisk mount(Path root, long bytes) throws IOException, InterruptedException {
        Files.createDirectories(root);
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=" + bytes, "aisle-test", root.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assumptions.assumeTrue(mount.waitFor() == 0, "cannot mount a small disk, which takes root: " + said.strip());
        return new SmallDisk(root);
    }

    Path root() {
        return root;
    }

    /** Fills it with one file up to the room given, and returns the file. */
    Path fillUpTo(long freeBytes) throws IOException {
        long room = Files.getFileStore(root).getUsableSpace() - freeBytes;
        byte[] filling = new byte[Math.toIntExact(room / BLOCK * BLOCK)];
        return Files.write(root.resolve("filling"), filling);
    }

    @Override
    public void close() throws IOException {
        try {
            Process unmount =
                    new ProcessBuilder("umount", root.toString()).inheritIO().start();
            if (unmount.waitFor() != 0) {
                throw new IOException("cannot unmount " + root);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
