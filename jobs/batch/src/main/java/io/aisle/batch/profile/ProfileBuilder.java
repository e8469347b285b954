package io.aisle.batch.profile;

import io.aisle.core.product.ProductField;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Counts predictions into a {@link Profile}. Those of parts merge; no order of rows or parts changes the result. */
public final class ProfileBuilder implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final ProductField[] FIELDS = ProductField.values();

    private long rows;
    private long measured;
    private long review;
    private final long[] filled = new long[FIELDS.length];
    private final long[] characters = new long[Buckets.CHARACTERS.size()];
    private final long[] confidence = new long[Buckets.CONFIDENCE.size()];
    private final Map<List<String>, ClassProfile> classes = new HashMap<>();

    /** Counts where a row was put, and how sure the model was. */
    public void addPrediction(List<String> path, float sure, boolean isReview) {
        rows++;
        review += isReview ? 1 : 0;
        confidence[Buckets.CONFIDENCE.index(sure)]++;
        add(new ClassProfile(path, 1, Math.round(sure * 1e6), UnknownWords.NONE));
    }

    /** Counts the text of a row that is, or belongs, in that category. */
    public void addText(List<String> path, ProductMeasures measures) {
        measured++;
        for (int field = 0; field < FIELDS.length; field++) {
            filled[field] += measures.filled().contains(FIELDS[field].key()) ? 1 : 0;
        }
        characters[Buckets.CHARACTERS.index(measures.characters())]++;
        measures.unknownWords()
                .ifPresent(unknown -> add(new ClassProfile(path, 0, 0, UnknownWords.of(measures.words(), unknown))));
    }

    private void add(ClassProfile more) {
        classes.merge(more.path(), more, ClassProfile::plus);
    }

    /** Adds what another part counted. */
    public ProfileBuilder merge(ProfileBuilder other) {
        rows += other.rows;
        measured += other.measured;
        review += other.review;
        addTo(filled, other.filled);
        addTo(characters, other.characters);
        addTo(confidence, other.confidence);
        other.classes.values().forEach(this::add);
        return this;
    }

    private static void addTo(long[] counts, long[] more) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += more[i];
        }
    }

    /** What was counted so far. */
    public Profile build() {
        Map<String, Long> byField = new HashMap<>();
        for (int field = 0; field < FIELDS.length; field++) {
            byField.put(FIELDS[field].key(), filled[field]);
        }
        List<ClassProfile> sorted = new ArrayList<>(classes.values());
        sorted.sort(Comparator.comparing(ClassProfile::path, ProfileBuilder::compare));
        UnknownWords words = sorted.stream().map(ClassProfile::words).reduce(UnknownWords.NONE, UnknownWords::plus);
        return new Profile(
                Profile.VERSION,
                rows,
                measured,
                new TreeMap<>(byField),
                LongStream.of(characters).boxed().toList(),
                LongStream.of(confidence).boxed().toList(),
                review,
                words,
                sorted);
    }

    private static int compare(List<String> one, List<String> other) {
        return Arrays.compare(one.toArray(String[]::new), other.toArray(String[]::new));
    }
}
