package io.aisle.core.ngram;

import io.aisle.core.UserException;
import io.aisle.core.numpy.NpyFile;
import io.aisle.core.product.Product;
import io.aisle.core.product.ProductField;
import io.aisle.core.text.FieldBudget;
import io.aisle.core.text.TextRecipe;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The n-grams that are features, and what each weighs: a product becomes its TF-IDF vector.
 *
 * <p>An n-gram that occurs n times in the product weighs (1 + ln n) · idf, where idf = ln((1 + products) / (1 + products that have it)) + 1
 * (sublinear and smoothed: Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval", section 6.4.1; scikit-learn's
 * TfidfVectorizer). The features of one field and analyzer are then divided by their own Euclidean norm, so that a long description does
 * not drown the title, and multiplied by the field's weight. n-grams that are no features are left out.
 *
 * <p>On disk it is {@value #FEATURES_FILE}, a name a line, the most frequent first, so that what is read most lies together; and {@value
 * #IDF_FILE}. In memory it takes some 30 bytes a feature. May be shared by threads; each takes a {@link Reader} of its own.
 */
public final class NgramIndex {
    public static final String FEATURES_FILE = "features.txt";
    public static final String IDF_FILE = "idf.npy";

    private static final int EMPTY = -1;
    /** Then they are forgotten. */
    private static final int MAX_WORDS_MET = 1 << 16;

    private static final int MAX_MET_LENGTH = 64;

    private final NgramSettings settings;
    private final TextRecipe recipe;
    /** Where each line of {@link #names} starts, and where the last one ends. */
    private final int[] starts;

    private final byte[] names;
    private final float[] idf;
    /** The block of each feature: one field, and words or characters. */
    private final byte[] blocks;

    /** What the features of each block are multiplied by. */
    private final double[] blockWeights;

    /** Features by their hash: open addressing, linear probing, at most half full. */
    private final int[] table;

    private NgramIndex(NgramSettings settings, TextRecipe recipe, byte[] names, int[] starts, float[] idf) {
        this.settings = settings;
        this.recipe = recipe;
        this.names = names;
        this.starts = starts;
        this.idf = idf;
        this.table = table();
        this.blockWeights = new double[2 * recipe.fields().size()];
        this.blocks = blocks();
    }

    private byte[] blocks() {
        byte[] blockOfFeature = new byte[size()];
        List<ProductField> fields =
                recipe.fields().stream().map(FieldBudget::field).toList();
        int[] blockOfInitial = new int[1 << Byte.SIZE];
        for (int field = 0; field < fields.size(); field++) {
            blockOfInitial[Ngrams.initial(fields.get(field))] = 2 * field;
            blockWeights[2 * field] = settings.weight(fields.get(field));
            blockWeights[2 * field + 1] = settings.weight(fields.get(field));
        }
        for (int feature = 0; feature < blockOfFeature.length; feature++) {
            int isOfCharacters = names[starts[feature] + 1] == Ngrams.CHARACTERS ? 1 : 0;
            blockOfFeature[feature] = (byte) (blockOfInitial[names[starts[feature]]] + isOfCharacters);
        }
        return blockOfFeature;
    }

    /**
     * Reads an index.
     *
     * @param directory that {@link Writer} wrote into
     * @throws UserException if the files do not fit together
     */
    public static NgramIndex read(Path directory, NgramSettings settings, TextRecipe recipe) {
        Path file = directory.resolve(FEATURES_FILE);
        try {
            byte[] names = Files.readAllBytes(file);
            int[] starts = starts(names);
            float[] idf = NpyFile.floats(directory.resolve(IDF_FILE), starts.length - 1);
            return new NgramIndex(settings, recipe, names, starts, idf);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read the features " + file + ": found " + e + ", expected a readable file", e);
        }
    }

    private static int[] starts(byte[] names) {
        int lines = 0;
        for (byte b : names) {
            lines += b == '\n' ? 1 : 0;
        }
        int[] starts = new int[lines + 1];
        int line = 0;
        for (int i = 0; i < names.length; i++) {
            if (names[i] == '\n') {
                starts[++line] = i + 1;
            }
        }
        return starts;
    }

    private int[] table() {
        int[] slots = new int[Integer.highestOneBit(Math.max(2, 4 * size() - 1))];
        Arrays.fill(slots, EMPTY);
        for (int feature = 0; feature < size(); feature++) {
            int slot = hash(names, starts[feature], end(feature)) & (slots.length - 1);
            while (slots[slot] != EMPTY) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = feature;
        }
        return slots;
    }

    /** FNV-1a, its high bits folded into the low ones. */
    private static int hash(byte[] bytes, int from, int to) {
        int hash = 0x811c9dc5;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * 0x01000193;
        }
        return hash ^ (hash >>> 15);
    }

    /** How many features there are. */
    public int size() {
        return starts.length - 1;
    }

    public NgramSettings settings() {
        return settings;
    }

    /** The name of a feature; see {@link Ngrams}. */
    public String name(int feature) {
        return new String(names, starts[feature], end(feature) - starts[feature], StandardCharsets.UTF_8);
    }

    /** What one occurrence of a feature weighs, before norms. */
    public float idf(int feature) {
        return idf[feature];
    }

    /** The feature of a name, in the first {@code length} bytes; -1 where it is none. */
    int find(byte[] name, int length) {
        int slot = hash(name, 0, length) & (table.length - 1);
        while (table[slot] != EMPTY) {
            int feature = table[slot];
            if (Arrays.equals(names, starts[feature], end(feature), name, 0, length)) {
                return feature;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return EMPTY;
    }

    private int end(int feature) {
        return starts[feature + 1] - 1;
    }

    /** A reader for one thread. It takes 4 bytes a feature, and some 15 MB for the words that it has met. */
    public Reader reader() {
        return new Reader();
    }

    /** Makes vectors of products, one after the other. */
    public final class Reader {
        private final Ngrams ngrams = new Ngrams(settings, recipe);
        private final int[] counts = new int[size()];
        private final AscendingNumbers found = new AscendingNumbers(size());
        private int foundCount;
        private double[] weights = new double[1024];

        /** The features of words met before that depend on nothing beside the word, by field: most words are some of a few thousand. */
        private final Map<ProductField, Map<String, int[]>> features = new EnumMap<>(ProductField.class);

        private int wordsMet;

        private Reader() {
            ngrams.fields().forEach(field -> features.put(field, new HashMap<>()));
        }

        /** The TF-IDF vector of a product whose fields the recipe has cleaned. */
        public SparseVector vector(Product cleaned) {
            foundCount = 0;
            for (ProductField field : ngrams.fields()) {
                List<String> words = ngrams.words(cleaned.field(field));
                for (String word : words) {
                    for (int feature : ofWord(field, word)) {
                        count(feature);
                    }
                }
                ngrams.ofNeighbours(field, words, this::count);
            }
            int[] indices = new int[foundCount];
            found.drain(indices);
            return new SparseVector(indices, values(indices));
        }

        /** What the features weigh that were counted; the counts are 0 again afterwards. */
        private float[] values(int[] indices) {
            if (weights.length < indices.length) {
                weights = new double[2 * indices.length];
            }
            double[] squares = new double[blockWeights.length];
            for (int i = 0; i < indices.length; i++) {
                int feature = indices[i];
                int count = counts[feature];
                counts[feature] = 0;
                double weight = (count == 1 ? 1 : 1 + Math.log(count)) * idf[feature];
                weights[i] = weight;
                squares[blocks[feature]] += weight * weight;
            }
            double[] norms = new double[squares.length];
            for (int block = 0; block < norms.length; block++) {
                norms[block] = Math.sqrt(squares[block]);
            }
            float[] values = new float[indices.length];
            for (int i = 0; i < values.length; i++) {
                int block = blocks[indices[i]];
                values[i] = (float) (weights[i] * blockWeights[block] / norms[block]);
            }
            return values;
        }

        /** The features among the n-grams of a word by itself, each as often as it occurs. */
        private int[] ofWord(ProductField field, String word) {
            int[] known = features.get(field).get(word);
            if (known != null) {
                return known;
            }
            IntStream.Builder ofWord = IntStream.builder();
            ngrams.ofWord(field, word, (name, length) -> {
                int feature = find(name, length);
                if (feature != EMPTY) {
                    ofWord.add(feature);
                }
            });
            int[] all = ofWord.build().toArray();
            if (word.length() <= MAX_MET_LENGTH) {
                if (wordsMet == MAX_WORDS_MET) {
                    features.values().forEach(Map::clear);
                    wordsMet = 0;
                }
                features.get(field).put(word, all);
                wordsMet++;
            }
            return all;
        }

        private void count(byte[] name, int length) {
            int feature = find(name, length);
            if (feature != EMPTY) {
                count(feature);
            }
        }

        private void count(int feature) {
            if (counts[feature]++ == 0) {
                found.add(feature);
                foundCount++;
            }
        }
    }

    /** Writes an index: names with the products that have them, most first; of equals, in the order of their UTF-8 bytes. */
    public static final class Writer implements AutoCloseable {
        private final OutputStream names;
        private final NpyFile.Writer idf;
        private final long products;
        private byte[] last = new byte[0];
        private long lastProducts = Long.MAX_VALUE;

        /**
         * Starts an index.
         *
         * @param directory exists
         * @param products that were counted
         */
        public Writer(Path directory, long products) {
            try {
                this.names = new BufferedOutputStream(Files.newOutputStream(directory.resolve(FEATURES_FILE)));
                this.idf = NpyFile.writeFloats(directory.resolve(IDF_FILE));
                this.products = products;
            } catch (IOException e) {
                throw notWritable(e);
            }
        }

        /** Adds a feature. */
        public void add(String name, long productsWithIt) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            if (productsWithIt > lastProducts
                    || (productsWithIt == lastProducts && Arrays.compareUnsigned(last, bytes) >= 0)) {
                throw new IllegalArgumentException("Cannot add the feature " + name + " of " + productsWithIt
                        + " products: found it after " + new String(last, StandardCharsets.UTF_8) + " of "
                        + lastProducts + ", expected the most frequent first, none twice");
            }
            last = bytes;
            lastProducts = productsWithIt;
            try {
                names.write(bytes);
                names.write('\n');
                idf.add((float) (Math.log((1.0 + products) / (1.0 + productsWithIt)) + 1));
            } catch (IOException e) {
                throw notWritable(e);
            }
        }

        @Override
        public void close() {
            try (idf) {
                names.close();
            } catch (IOException e) {
                throw notWritable(e);
            }
        }

        private static UserException notWritable(IOException cause) {
            return new UserException(
                    "Cannot write features: found " + cause + ", expected room on this machine's disk", cause);
        }
    }
}
