package io.aisle.batch.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aisle.core.UserException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file beside another that keeps other writers out while it is there: the file system lets one of several create it. It says who holds
 * it. One that is older than five minutes was left by a process that died, as what it guards takes seconds, and is removed.
 */
final class LockFile implements AutoCloseable {
    static final Duration STALE = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 100;
    private static final Logger LOG = LoggerFactory.getLogger(LockFile.class);

    private final FileSystem fileSystem;
    private final Path path;
    private final String holder;

    private LockFile(FileSystem fileSystem, Path path, String holder) {
        this.fileSystem = fileSystem;
        this.path = path;
        this.holder = holder;
    }

    /** Waits up to half a minute for the lock of a file, then refuses. */
    static LockFile take(FileSystem fileSystem, Path file) throws IOException {
        return take(fileSystem, file, PATIENCE);
    }

    static LockFile take(FileSystem fileSystem, Path file, Duration patience) throws IOException {
        LockFile lock = new LockFile(
                fileSystem,
                hidden(file, ".lock"),
                "process " + ProcessHandle.current().pid() + " on "
                        + InetAddress.getLocalHost().getHostName() + " since " + Instant.now() + ", "
                        + UUID.randomUUID());
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (!lock.isTaken()) {
            String other = lock.content();
            if (other != null && lock.isStale()) {
                lock.breakLockOf(other);
            } else if (System.nanoTime() > deadlineNanos) {
                throw new UserException("Cannot write " + file + ": found the lock " + lock.path + " of " + other
                        + ", expected it to be gone within " + patience.toSeconds() + " s. Run again; after "
                        + STALE.toMinutes() + " minutes the lock of a process that died is removed.");
            } else {
                pause();
            }
        }
        return lock;
    }

    private boolean isTaken() throws IOException {
        try (OutputStream out = fileSystem.create(path, false)) {
            out.write(holder.getBytes(UTF_8));
            return true;
        } catch (FileAlreadyExistsException held) {
            return false;
        } catch (IOException e) {
            // some file systems throw their own exception where the file is there
            if (fileSystem.exists(path)) {
                return false;
            }
            throw e;
        }
    }

    private boolean isStale() throws IOException {
        try {
            long written = fileSystem.getFileStatus(path).getModificationTime();
            return System.currentTimeMillis() - written > STALE.toMillis();
        } catch (FileNotFoundException released) {
            return false;
        }
    }

    /** Moves the lock away before it is removed: of two who find it stale one moves it, and what was moved can be looked at. */
    private void breakLockOf(String other) throws IOException {
        Path broken = path.suffix("-" + UUID.randomUUID());
        if (!fileSystem.rename(path, broken)) {
            return;
        }
        if (!other.equals(content(broken))) {
            fileSystem.rename(broken, path);
            return;
        }
        fileSystem.delete(broken, false);
        LOG.warn(
                "Removed the lock {} of {}: it is older than {} minutes, so its process died.",
                path,
                other,
                STALE.toMinutes());
    }

    /** Refuses to go on where this process was so slow that another took its lock for that of a dead one. */
    void requireHeld() throws IOException {
        if (!holder.equals(content())) {
            throw new UserException("Cannot write beside " + path
                    + ": found that another process removed this one's lock," + " expected to write within "
                    + STALE.toMinutes() + " minutes. Nothing was changed; run again.");
        }
    }

    private String content() throws IOException {
        return content(path);
    }

    private String content(Path file) throws IOException {
        try (InputStream in = fileSystem.open(file)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (FileNotFoundException released) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        if (holder.equals(content())) {
            fileSystem.delete(path, false);
        }
    }

    static Path hidden(Path file, String ending) {
        return new Path(file.getParent(), "." + file.getName() + ending);
    }

    /** Whether the file is a lock, or a content on its way to its place. */
    static boolean isHidden(Path file) {
        return file.getName().startsWith(".")
                && (file.getName().contains(".lock") || file.getName().contains(".new-"));
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a lock", e);
        }
    }
}
