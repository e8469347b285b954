package io.aisle.batch.storage;

import io.aisle.core.UserException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;

/**
 * A directory by Hadoop URI ({@code file:}, {@code hdfs:}, {@code s3a:}, …; a plain path is on the default file system), used from the
 * driver.
 */
public final class Directory {
    private final FileSystem fileSystem;
    private final Configuration configuration;
    private final Path path;

    private Directory(FileSystem fileSystem, Configuration configuration, Path path) {
        this.fileSystem = fileSystem;
        this.configuration = configuration;
        this.path = path;
    }

    public static Directory of(SparkSession spark, String uri) {
        try {
            Path path = new Path(uri);
            Configuration configuration = spark.sessionState().newHadoopConf();
            FileSystem fileSystem = path.getFileSystem(configuration);
            return new Directory(fileSystem, configuration, fileSystem.makeQualified(path));
        } catch (IOException | RuntimeException e) {
            // unchecked: it is no path, or the class of its file system is not there
            throw new UserException(
                    "Cannot reach " + uri + ": " + e.getMessage() + ". Check the scheme and the path.", e);
        }
    }

    public String uri() {
        return path.toString();
    }

    /** The last part of the path. */
    public String name() {
        return path.getName();
    }

    /** The directory that this one lies in; the root lies in itself. */
    public Directory parent() {
        return path.isRoot() ? this : new Directory(fileSystem, configuration, path.getParent());
    }

    /** The directories directly below; none where this one is absent. */
    public List<Directory> directories() {
        try {
            List<Directory> directories = new ArrayList<>();
            if (fileSystem.exists(path)) {
                for (FileStatus status : fileSystem.listStatus(path)) {
                    if (status.isDirectory()) {
                        directories.add(directory(status.getPath().getName()));
                    }
                }
            }
            return directories;
        } catch (IOException e) {
            throw StorageFailures.explain("list", path, e);
        }
    }

    /** When the youngest file below was written; the epoch where there is none. */
    public Instant lastWritten() {
        try {
            long youngest = 0;
            RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(path, true);
            while (files.hasNext()) {
                youngest = Math.max(youngest, files.next().getModificationTime());
            }
            return Instant.ofEpochMilli(youngest);
        } catch (IOException e) {
            throw StorageFailures.explain("list", path, e);
        }
    }

    /** What all files below weigh together, in bytes. */
    public long bytes() {
        try {
            long bytes = 0;
            RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(path, true);
            while (files.hasNext()) {
                bytes += files.next().getLen();
            }
            return bytes;
        } catch (IOException e) {
            throw StorageFailures.explain("list", path, e);
        }
    }

    public Path path() {
        return path;
    }

    /** The URI of something below. */
    public String child(String name) {
        return new Path(path, name).toString();
    }

    public Directory directory(String name) {
        return new Directory(fileSystem, configuration, new Path(path, name));
    }

    public boolean exists() {
        try {
            return fileSystem.exists(path);
        } catch (IOException e) {
            throw StorageFailures.explain("reach", path, e);
        }
    }

    public boolean has(String name) {
        return directory(name).exists();
    }

    /** Refuses to write over anything. An empty directory counts as absent. */
    public void requireAbsent(String what) {
        try {
            if (isThere()) {
                throw new UserException("Cannot write " + what + " to " + path
                        + ": found something there already, expected nothing. Choose another --output, or remove it.");
            }
        } catch (IOException e) {
            throw StorageFailures.explain("reach", path, e);
        }
    }

    private boolean isThere() throws IOException {
        try {
            return !fileSystem.getFileStatus(path).isDirectory()
                    || fileSystem.listStatusIterator(path).hasNext();
        } catch (FileNotFoundException absent) {
            return false;
        }
    }

    /** Whether the file system renames, as those of disks do and S3 does not. */
    public boolean canRename() {
        return !WholeCommit.concerns(fileSystem);
    }

    /** Refuses, before work, a session whose writing here would rename files on a file system that cannot rename. */
    public void requireWholeCommit() {
        if (!canRename()) {
            WholeCommit.requireSettings(configuration, path);
        }
    }

    /** Refuses, after Spark wrote here, a result that was renamed into place on a file system that cannot rename. */
    public void requireCommitted() {
        try {
            if (!canRename()) {
                WholeCommit.requireMarker(fileSystem, path);
            }
        } catch (IOException e) {
            throw StorageFailures.explain("read", path, e);
        }
    }

    /** Whether a file with that ending lies directly in the directory. */
    public boolean hasFileEndingIn(String ending) {
        try {
            RemoteIterator<FileStatus> children = fileSystem.listStatusIterator(path);
            while (children.hasNext()) {
                if (children.next().getPath().getName().endsWith(ending)) {
                    return true;
                }
            }
            return false;
        } catch (FileNotFoundException absent) {
            return false;
        } catch (IOException e) {
            throw StorageFailures.explain("list", path, e);
        }
    }

    public String read(String name) {
        try (InputStream in = fileSystem.open(new Path(path, name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw StorageFailures.explain("read", new Path(path, name), e);
        }
    }

    public void write(String name, String content) {
        try (OutputStream out = fileSystem.create(new Path(path, name), true)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw StorageFailures.explain("write", new Path(path, name), e);
        }
    }

    /** Makes sure, before long work, that something can be written here at its end. */
    public void createParent() {
        try {
            Path parent = path.isRoot() ? path : path.getParent();
            fileSystem.mkdirs(parent);
            // an object store lets anybody make directories, and may yet refuse a file
            Path probe = new Path(parent, ".probe-" + UUID.randomUUID());
            fileSystem.create(probe, false).close();
            fileSystem.delete(probe, false);
        } catch (IOException e) {
            throw StorageFailures.explain("write", path, e);
        }
    }

    /**
     * Copies what a local directory holds here.
     *
     * @param last the file that vouches for the others and is copied after them, so that a copy that broke off lacks it
     */
    public void copyFrom(java.nio.file.Path local, String last) {
        try (Stream<java.nio.file.Path> children = Files.list(local)) {
            fileSystem.mkdirs(path);
            for (java.nio.file.Path child : children.sorted(
                            Comparator.comparing((java.nio.file.Path child) -> child.endsWith(last)))
                    .toList()) {
                fileSystem.copyFromLocalFile(
                        false,
                        false,
                        new Path(child.toUri()),
                        new Path(path, child.getFileName().toString()));
            }
        } catch (IOException e) {
            throw StorageFailures.explain("write", path, e);
        }
    }

    /** Copies all files below, as streams, to a local directory; makes it. Refuses where there is no file. */
    public void copyTo(java.nio.file.Path local) {
        try {
            RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(path, true);
            if (!files.hasNext()) {
                throw new FileNotFoundException("found no file there, expected some");
            }
            while (files.hasNext()) {
                Path file = files.next().getPath();
                java.nio.file.Path copy =
                        local.resolve(path.toUri().relativize(file.toUri()).getPath());
                Files.createDirectories(copy.getParent());
                try (InputStream in = fileSystem.open(file)) {
                    Files.copy(in, copy);
                }
            }
        } catch (IOException e) {
            throw StorageFailures.explain("copy", path, e);
        }
    }

    public void delete() {
        try {
            fileSystem.delete(path, true);
        } catch (IOException e) {
            throw StorageFailures.explain("delete", path, e);
        }
    }

    /** Whether this is a directory of the driver's own disks. */
    public boolean isLocal() {
        return "file".equals(path.toUri().getScheme());
    }

    /** The local path of a directory that {@link #isLocal}. */
    public java.nio.file.Path local() {
        if (!isLocal()) {
            throw new IllegalStateException("Cannot use " + path + " as a local path");
        }
        return java.nio.file.Path.of(path.toUri().getPath());
    }
}
