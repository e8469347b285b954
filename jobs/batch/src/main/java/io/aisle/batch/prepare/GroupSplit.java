package io.aisle.batch.prepare;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.aisle.batch.dataset.Split;
import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * Sends each group of products to train, validation or test by hash(group, split seed, "split"). Copies of a product are one
 * {@link io.aisle.batch.dataset.ProductGroup}, so that they never straddle train and test. Shares hold in expectation.
 */
final class GroupSplit {
    /** The hash is read as a number of 53 bits. */
    private static final int BITS = 53;

    private GroupSplit() {}

    /**
     * The key of a row's split.
     *
     * @param group of the row
     * @param shares of train, validation and test, together 1
     */
    static Column split(Column group, List<BigDecimal> shares, long splitSeed) {
        Column hash = shiftrightunsigned(xxhash64(group, lit(splitSeed), lit("split")), Long.SIZE - BITS);
        BigDecimal train = shares.get(0);
        return when(hash.lt(bound(train)), Split.TRAIN.key())
                .when(hash.lt(bound(train.add(shares.get(1)))), Split.VALIDATION.key())
                .otherwise(Split.TEST.key());
    }

    private static long bound(BigDecimal share) {
        return share.multiply(BigDecimal.valueOf(1L << BITS)).longValue();
    }
}
