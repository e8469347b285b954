package io.aisle.batch.storage;

import io.aisle.core.UserException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Does at a place, small, what a job is going to do there at large, and leaves nothing behind. Touches no file that is there already. */
public final class PlaceProbe {
    private final FileSystem fileSystem;
    private final Path path;

    private PlaceProbe(FileSystem fileSystem, Path path) {
        this.fileSystem = fileSystem;
        this.path = path;
    }

    /**
     * The place of a URI, or of a pattern.
     *
     * @throws UserException if its file system is not there
     */
    public static PlaceProbe of(Configuration configuration, String uri) {
        try {
            Path path = new Path(uri);
            FileSystem fileSystem = path.getFileSystem(configuration);
            return new PlaceProbe(fileSystem, fileSystem.makeQualified(path));
        } catch (IOException | RuntimeException e) {
            // unchecked: it is no path, or the class of its file system is not there
            throw new UserException(
                    "Cannot reach " + uri + ": found no usable file system (" + e.getMessage()
                            + "), expected one for its scheme. Check the scheme and the path; for s3a, that hadoop-aws is on Spark's"
                            + " class path (dist/s3).",
                    e);
        }
    }

    /** Whether the path is on a disk of one machine. */
    public boolean isLocal() {
        return "file".equals(path.toUri().getScheme());
    }

    /**
     * Lists what is to be read, and reads a byte of the first file.
     *
     * @return what is there, in words
     * @throws UserException if nothing is, or it cannot be read
     */
    public String read() {
        try {
            FileStatus[] matched = fileSystem.globStatus(path);
            if (matched == null || matched.length == 0) {
                throw new UserException(
                        "Cannot read " + path
                                + ": found nothing there, expected a file, a directory or a pattern that matches some. Correct the path.");
            }
            for (FileStatus match : matched) {
                RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(match.getPath(), true);
                if (files.hasNext()) {
                    LocatedFileStatus first = files.next();
                    try (InputStream in = fileSystem.open(first.getPath())) {
                        in.read();
                    }
                    return "readable; first file " + first.getPath().getName() + ", "
                            + String.format(Locale.ROOT, "%,d", first.getLen()) + " bytes";
                }
            }
            throw new UserException(
                    "Cannot read " + path + ": found no file below it, expected some. Correct the path.");
        } catch (IOException e) {
            throw StorageFailures.explain("read", path, e);
        }
    }

    /**
     * Writes a new file in the directory, reads it back and removes it; likewise the directories that this needed.
     *
     * @throws UserException if that does not work
     */
    public void write() {
        try {
            List<Path> made = missingDirectories();
            Path probe = new Path(path, ".probe-" + UUID.randomUUID());
            try {
                fileSystem.mkdirs(path);
                writeAndRead(probe);
            } finally {
                for (Path directory : made) {
                    // what somebody else put there meanwhile keeps its directory
                    if (isEmpty(directory)) {
                        fileSystem.delete(directory, false);
                    }
                }
            }
        } catch (IOException e) {
            throw StorageFailures.explain("write", path, e);
        }
    }

    private void writeAndRead(Path probe) throws IOException {
        try {
            fileSystem.create(probe, false).close();
            fileSystem.open(probe).close();
            if (isLocal()) {
                lock(probe);
            }
        } finally {
            fileSystem.delete(probe, false);
        }
    }

    /** A disk over the network may have no locks, which publishing needs. */
    private static void lock(Path probe) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(java.nio.file.Path.of(probe.toUri().getPath()), StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("found no lock on " + probe);
            }
        }
    }

    /** The directory itself and those above it as far as they are not there, deepest first. */
    private List<Path> missingDirectories() throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path directory = path; directory != null && !fileSystem.exists(directory); ) {
            missing.add(directory);
            directory = directory.getParent();
        }
        return missing;
    }

    private boolean isEmpty(Path directory) throws IOException {
        try {
            return !fileSystem.listStatusIterator(directory).hasNext();
        } catch (FileNotFoundException absent) {
            return false;
        }
    }

    /**
     * Whether the file system answers, and what it says of the path; the path itself need not be there.
     *
     * @throws UserException if it does not
     */
    public void reach() {
        try {
            fileSystem.globStatus(path);
        } catch (IOException e) {
            throw StorageFailures.explain("reach", path, e);
        }
    }
}
