package io.aisle.batch.storage;

import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.spark.SparkFiles;

/**
 * A model bundle and where it is kept.
 *
 * @param bundle verified; on a disk of the driver, until the application ends
 * @param source the directory it was opened from, on any file system
 */
public record StoredBundle(ModelBundle bundle, Directory source) {

    /**
     * Opens a bundle, and so verifies it; one that is not local is copied to the driver's temporary directory first.
     *
     * @throws UserException if it is absent, damaged or of another version
     */
    public static StoredBundle open(Directory source) {
        if (source.isLocal()) {
            return new StoredBundle(ModelBundle.open(source.local()), source);
        }
        Path copy = Path.of(SparkFiles.getRootDirectory(), "bundle-" + UUID.randomUUID(), source.name());
        source.copyTo(copy);
        try {
            return new StoredBundle(ModelBundle.open(copy), source);
        } catch (UserException e) {
            throw new UserException(e.getMessage().replace(copy.toString(), source.uri()), e);
        }
    }

    /** The last part of its path. */
    public String name() {
        return source.name();
    }
}
