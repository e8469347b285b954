package io.aisle.batch.score;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.StructType;

/** Walks a partition and sees which rows have the content hash, and so the text, of the row before. */
final class RepeatedTexts {
    private static final String CONTENT_HASH = "content_hash";

    private String last;
    private float[] probabilities;

    /** To be asked once a row, in order. */
    boolean isRepeated(Row row) {
        String contentHash = row.getAs(CONTENT_HASH);
        boolean isRepeated = contentHash.equals(last);
        last = contentHash;
        return isRepeated;
    }

    /** A row that has no probabilities because it is repeated gets those of the row before; to be asked once a row, in order. */
    Row withProbabilities(Row row, StructType schema) {
        int field = row.fieldIndex(Scoring.PROBABILITIES);
        boolean isRepeated = isRepeated(row);
        if (!row.isNullAt(field)) {
            probabilities = Scoring.probabilities(row);
            return row;
        }
        if (!isRepeated) {
            throw new IllegalStateException("Cannot score row " + row.getAs("id")
                    + ": found no probabilities, expected some," + " since its text is not that of the row before");
        }
        Object[] values = new Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == field ? probabilities : row.get(i);
        }
        return new GenericRowWithSchema(values, schema);
    }
}
