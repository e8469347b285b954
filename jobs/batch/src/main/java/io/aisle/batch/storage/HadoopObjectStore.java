package io.aisle.batch.storage;

import static java.util.Objects.requireNonNull;

import io.aisle.core.Sha256;
import io.aisle.core.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Objects as files below one directory of a Hadoop file system. A tag is the SHA-256 of the content; writers exclude each other by a lock
 * file, and a new content replaces the old one by a rename.
 */
final class HadoopObjectStore implements ObjectStore {
    private final Configuration configuration;
    private final Path root;

    HadoopObjectStore(Path root, Configuration configuration) {
        this.root = root;
        this.configuration = configuration;
    }

    @Override
    public Optional<Version> read(String key) {
        Path file = file(key);
        try (InputStream in = fileSystem().open(file)) {
            byte[] content = in.readAllBytes();
            return Optional.of(new Version(content, Sha256.hex(content)));
        } catch (FileNotFoundException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw StorageFailures.explain("read", file, e);
        }
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) {
        return writeIf(key, null, content);
    }

    @Override
    public boolean compareAndSet(String key, String expectedTag, byte[] content) {
        return writeIf(key, requireNonNull(expectedTag, "expectedTag"), content);
    }

    private boolean writeIf(String key, String expectedTag, byte[] content) {
        Path file = file(key);
        Path whole = LockFile.hidden(file, ".new-" + UUID.randomUUID());
        try (LockFile lock = LockFile.take(fileSystem(), file)) {
            if (!Objects.equals(read(key).map(Version::tag).orElse(null), expectedTag)) {
                return false;
            }
            try {
                try (OutputStream out = fileSystem().create(whole, false)) {
                    out.write(content);
                }
                lock.requireHeld();
                // of the two interfaces of Hadoop only this one replaces a file in one step
                FileContext.getFileContext(root.toUri(), configuration).rename(whole, file, Options.Rename.OVERWRITE);
                return true;
            } finally {
                fileSystem().delete(whole, false);
            }
        } catch (IOException e) {
            throw StorageFailures.explain("write", file, e);
        }
    }

    @Override
    public void delete(String key) {
        try {
            fileSystem().delete(file(key), false);
        } catch (IOException e) {
            throw StorageFailures.explain("delete", file(key), e);
        }
    }

    @Override
    public List<String> list(String prefix) {
        List<String> keys = new ArrayList<>();
        try {
            String below = fileSystem().makeQualified(root).toUri().getPath();
            RemoteIterator<LocatedFileStatus> files = fileSystem().listFiles(root, true);
            while (files.hasNext()) {
                Path file = files.next().getPath();
                String key = file.toUri().getPath().substring(below.length()).replaceFirst("^/", "");
                if (key.startsWith(prefix) && !LockFile.isHidden(file)) {
                    keys.add(key);
                }
            }
        } catch (FileNotFoundException absent) {
            return List.of();
        } catch (IOException e) {
            throw StorageFailures.explain("list", root, e);
        }
        return keys.stream().sorted().toList();
    }

    private FileSystem fileSystem() throws IOException {
        return root.getFileSystem(configuration);
    }

    private Path file(String key) {
        return new Path(root, key);
    }
}
