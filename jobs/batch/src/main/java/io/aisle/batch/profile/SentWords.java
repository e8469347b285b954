package io.aisle.batch.profile;

import io.aisle.batch.dataset.SeenInTraining;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.Product;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** The words that a bundle was trained on, sent once to each executor, to measure products there. */
public final class SentWords implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Null where the bundle does not know: an Optional cannot be sent. */
    private final Broadcast<SeenInTraining> seen;

    private SentWords(Broadcast<SeenInTraining> seen) {
        this.seen = seen;
    }

    /** Sends those of a bundle. */
    public static SentWords of(SparkSession spark, ModelBundle bundle) {
        return of(spark, SeenInTraining.of(bundle));
    }

    /** Sends words; nothing where there are none. */
    public static SentWords of(SparkSession spark, Optional<SeenInTraining> seen) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        return new SentWords(seen.map(context::broadcast).orElse(null));
    }

    /** What is counted of a product's text. */
    public ProductMeasures measures(Product product) {
        return ProductMeasures.of(product, Optional.ofNullable(seen).map(Broadcast::value));
    }
}
