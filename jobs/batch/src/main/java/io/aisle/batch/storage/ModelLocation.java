package io.aisle.batch.storage;

import io.aisle.core.UserException;
import io.aisle.core.model.ModelManifest;
import io.aisle.core.storage.Current;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Where a bundle lies that a user named: a bundle itself, or a directory of bundles, {@code <models>/<name>/}, whose {@code CURRENT}
 * names the champion.
 */
public final class ModelLocation {
    private ModelLocation() {}

    /**
     * The directory of the bundle meant: that of the champion for a directory of models, else the one given.
     *
     * @throws UserException if the champion that is named is not there
     */
    public static Directory resolve(SparkSession spark, String uri) {
        Directory directory = Directory.of(spark, uri);
        if (directory.has(ModelManifest.FILE_NAME) || !directory.has(Current.KEY)) {
            return directory;
        }
        return champion(directory, Pointer.read(ObjectStores.of(spark, directory, true)))
                .orElse(directory);
    }

    /**
     * The bundle that the pointer of a directory of models names; nothing where there is no champion yet.
     *
     * @throws UserException if it is not there
     */
    public static Optional<Directory> champion(Directory models, Pointer pointer) {
        return pointer.current().map(current -> {
            Directory champion = models.directory(current.run_id());
            if (!champion.exists()) {
                throw new UserException("Cannot use the champion of " + models.uri() + ": found no directory "
                        + current.run_id() + ", which " + Current.KEY + " names, expected its bundle."
                        + " Copy the bundle back, or name another: aisle promote --models " + models.uri()
                        + " --to NAME");
            }
            return champion;
        });
    }
}
