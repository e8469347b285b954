package io.aisle.batch.dataset;

import io.aisle.core.UserException;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.Product;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.sketch.BloomFilter;
import org.apache.spark.util.sketch.IncompatibleMergeException;

/**
 * Which words and which brands the train rows of a bundle had: two Bloom filters in one file of the bundle, 1.2 MB per million words or
 * brands. What was there is always found; of what was not, about one in a hundred is taken for seen. Equal rows give equal bytes, whatever
 * their order and partitions.
 *
 * <p>The file is the version (int), then words and brands as {@link BloomFilter#writeTo} writes them. No scoring reads it.
 */
public final class SeenInTraining implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int VERSION = 1;
    private static final double FALSE_POSITIVES = 0.01;
    /** How far the estimate of a count may be off: one standard deviation. */
    private static final double ESTIMATE_DEVIATION = 0.01;

    private static final double MARGIN = 1 + 3 * ESTIMATE_DEVIATION;
    private static final long MIN_ITEMS = 1_000;
    /** More than these are remembered too, in 24 MB, and more of what was not there is then taken for seen. */
    private static final long MAX_ITEMS = 20_000_000;
    /** Filters meet on executors, a few at a time, before the last of them reach the driver. */
    private static final int MERGE_DEPTH = 3;

    private final BloomFilter words;
    private final BloomFilter brands;

    private SeenInTraining(BloomFilter words, BloomFilter brands) {
        this.words = words;
        this.brands = brands;
    }

    /** Reads train rows three times: to estimate how many different words there are, and brands, and to remember them. No shuffle of rows. */
    public static SeenInTraining read(Dataset<Row> train) {
        JavaRDD<Product> products = train.select("id", ProductRows.TEXT_COLUMNS.toArray(String[]::new))
                .javaRDD()
                .map(ProductRows::product);
        long wordCount = sized(
                distinct(products.flatMap(product -> ProductWords.of(product).iterator())));
        long brandCount = sized(distinct(products.map(product -> ProductWords.brand(product.brand()))));
        return products.mapPartitions(rows -> {
                    SeenInTraining seen = empty(wordCount, brandCount);
                    rows.forEachRemaining(seen::add);
                    return List.of(seen).iterator();
                })
                .treeReduce(SeenInTraining::merge, MERGE_DEPTH);
    }

    /** An estimate that depends on the items alone: a HyperLogLog sketch is the same whatever their order. */
    private static long distinct(JavaRDD<String> items) {
        return items.countApproxDistinct(ESTIMATE_DEVIATION);
    }

    private static long sized(long estimate) {
        return Math.max(MIN_ITEMS, Math.min(MAX_ITEMS, (long) Math.ceil(estimate * MARGIN)));
    }

    static SeenInTraining empty(long words, long brands) {
        return new SeenInTraining(
                BloomFilter.create(words, FALSE_POSITIVES), BloomFilter.create(brands, FALSE_POSITIVES));
    }

    void add(Product product) {
        ProductWords.of(product).forEach(words::putString);
        brands.putString(ProductWords.brand(product.brand()));
    }

    private SeenInTraining merge(SeenInTraining other) throws IncompatibleMergeException {
        words.mergeInPlace(other.words);
        brands.mergeInPlace(other.brands);
        return this;
    }

    /** What a bundle remembers; nothing where it was made before bundles did. */
    public static Optional<SeenInTraining> of(ModelBundle bundle) {
        if (!bundle.manifest().files().containsKey(ModelBundle.SEEN_FILE)) {
            return Optional.empty();
        }
        Path file = bundle.directory().resolve(ModelBundle.SEEN_FILE);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int version = in.readInt();
            if (version != VERSION) {
                throw new UserException("Cannot read " + file + ": found format version " + version + ", expected "
                        + VERSION + ". Use the version of Aisle that trained the bundle, or train again.");
            }
            return Optional.of(new SeenInTraining(BloomFilter.readFrom(in), BloomFilter.readFrom(in)));
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read " + file + ": found " + e
                            + ", expected the words that train saw. Copy the bundle again, or train again.",
                    e);
        }
    }

    /** Writes the file into a bundle's directory. */
    public void write(Path bundle) throws IOException {
        try (DataOutputStream out = new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(bundle.resolve(ModelBundle.SEEN_FILE))))) {
            out.writeInt(VERSION);
            words.writeTo(out);
            brands.writeTo(out);
        }
    }

    /** Whether a train row had this word, in the form in which {@link ProductWords#of} gives words. */
    public boolean hasWord(String word) {
        return words.mightContainString(word);
    }

    /** Whether a train row had this brand, in any spelling of case and accents. A product without a brand has the brand "". */
    public boolean hasBrand(String brand) {
        return brands.mightContainString(ProductWords.brand(brand));
    }

    /**
     * How many of the words no train row had. One of digits only counts as seen: numbers never end, and a new one says nothing of new
     * goods.
     *
     * @param words as {@link ProductWords#of} gives them
     */
    public int unknown(List<String> words) {
        int unknown = 0;
        for (String word : words) {
            if (!ProductWords.isNumber(word) && !hasWord(word)) {
                unknown++;
            }
        }
        return unknown;
    }
}
