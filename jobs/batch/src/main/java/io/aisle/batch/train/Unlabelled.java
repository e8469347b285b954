package io.aisle.batch.train;

import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.core.UserException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Prepared rows of which a teacher alone speaks.
 *
 * @param rows with a null for a label
 * @param fingerprint of the data that they are of
 */
record Unlabelled(Dataset<Row> rows, long count, String fingerprint) {

    /**
     * All that can be learnt from of other data; of the data to train on itself, whose train rows speak by their labels, the rows without
     * one.
     *
     * @throws UserException if there is no such row
     */
    static Unlabelled of(PreparedData source, PreparedData trained, String uri) {
        PreparedManifest manifest = source.manifest();
        boolean isSame = manifest.fingerprint().equals(trained.manifest().fingerprint());
        long count = isSame ? manifest.rows().get(PreparedData.UNLABELLED) : manifest.rowsWithoutLabels();
        if (count == 0) {
            throw new UserException("Cannot learn from unlabelled rows: found none in " + uri
                    + ", expected prepared data with rows that have no label, or other data than that of --data."
                    + " Prepare a catalog with some, or leave --unlabelled away.");
        }
        return new Unlabelled(isSame ? source.unlabelled() : source.withoutLabels(), count, manifest.fingerprint());
    }
}
