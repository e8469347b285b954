package io.aisle.batch.storage;

import io.aisle.core.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;

/** A directory by Hadoop URI ({@code file:}, {@code hdfs:}, {@code s3a:}, …; a plain path is local), used from the driver. */
public final class Directory {
    private final FileSystem fileSystem;
    private final Path path;

    private Directory(FileSystem fileSystem, Path path) {
        this.fileSystem = fileSystem;
        this.path = path;
    }

    public static Directory of(SparkSession spark, String uri) {
        try {
            Path path = new Path(uri);
            FileSystem fileSystem = path.getFileSystem(spark.sessionState().newHadoopConf());
            return new Directory(fileSystem, fileSystem.makeQualified(path));
        } catch (IOException | IllegalArgumentException e) {
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
        return path.isRoot() ? this : new Directory(fileSystem, path.getParent());
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
            throw new UncheckedIOException(e);
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
            throw new UncheckedIOException(e);
        }
    }

    /** The URI of something below. */
    public String child(String name) {
        return new Path(path, name).toString();
    }

    public Directory directory(String name) {
        return new Directory(fileSystem, new Path(path, name));
    }

    public boolean exists() {
        try {
            return fileSystem.exists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean has(String name) {
        return directory(name).exists();
    }

    /** Refuses to write over anything. An empty directory counts as absent. */
    public void requireAbsent(String what) {
        try {
            if (fileSystem.exists(path)
                    && (!fileSystem.getFileStatus(path).isDirectory() || fileSystem.listStatus(path).length > 0)) {
                throw new UserException("Cannot write " + what + " to " + path
                        + ": found something there already, expected nothing. Choose another --output, or remove it.");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a file with that ending lies directly in the directory. */
    public boolean hasFileEndingIn(String ending) {
        try {
            if (!fileSystem.exists(path)) {
                return false;
            }
            for (FileStatus status : fileSystem.listStatus(path)) {
                if (status.getPath().getName().endsWith(ending)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String read(String name) {
        try (InputStream in = fileSystem.open(new Path(path, name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserException("Cannot read " + child(name) + ": " + e.getMessage(), e);
        }
    }

    public void write(String name, String content) {
        try (OutputStream out = fileSystem.create(new Path(path, name), true)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UserException("Cannot write " + child(name) + ": " + e.getMessage(), e);
        }
    }

    /** Makes sure, before long work, that something can be written here at its end. */
    public void createParent() {
        try {
            fileSystem.mkdirs(path.getParent());
        } catch (IOException e) {
            throw notWritable(e);
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
            throw notWritable(e);
        }
    }

    private UserException notWritable(IOException cause) {
        return new UserException("Cannot write " + path + ": " + cause.getMessage(), cause);
    }

    public void delete() {
        try {
            fileSystem.delete(path, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory as a local path; other file systems are refused with the remedy given. */
    public java.nio.file.Path local(String remedy) {
        if (!"file".equals(path.toUri().getScheme())) {
            throw new UserException("Cannot use " + path + ": found the scheme "
                    + path.toUri().getScheme() + ", expected a local directory. " + remedy);
        }
        return java.nio.file.Path.of(path.toUri().getPath());
    }
}
