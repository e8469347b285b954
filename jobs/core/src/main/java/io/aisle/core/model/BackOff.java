package io.aisle.core.model;

import io.aisle.core.model.Prediction.Candidate;
import io.aisle.core.product.CategoryPath;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Says something coarser where a model is not sure enough of a label. A category is as probable as all labels in it, itself among them where
 * it is a label: no category is more probable than one above it.
 *
 * <p>Made once for all rows. Labels lie in the order of their paths, so that those of a category lie side by side, and a row costs one
 * addition a label at most.
 */
public final class BackOff implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int NONE = -1;

    /** Labels by place, int[labels]. */
    private final int[] labelAt;
    /** int[labels]. */
    private final int[] placeOfLabel;
    /** The category that each label is, int[labels]; empty where nothing is ever backed off to. */
    private final int[] categoryOfLabel;

    private final ArrayList<CategoryPath> categories = new ArrayList<>();
    /** The category above each; {@link #NONE} above a root. */
    private final ArrayList<Integer> above = new ArrayList<>();
    /** The places of each category's labels: the first, and the one after the last. */
    private final ArrayList<Integer> starts = new ArrayList<>();

    private final ArrayList<Integer> ends = new ArrayList<>();

    private BackOff(List<CategoryPath> labels) {
        labelAt = IntStream.range(0, labels.size())
                .boxed()
                .sorted(Comparator.comparing(labels::get, BackOff::byNames))
                .mapToInt(Integer::intValue)
                .toArray();
        placeOfLabel = new int[labelAt.length];
        categoryOfLabel = new int[labelAt.length];
        Map<CategoryPath, Integer> numbers = new HashMap<>();
        for (int place = 0; place < labelAt.length; place++) {
            placeOfLabel[labelAt[place]] = place;
            CategoryPath label = labels.get(labelAt[place]);
            int category = NONE;
            for (int depth = 1; depth <= label.depth(); depth++) {
                category = number(label.cut(depth), category, place, numbers);
                ends.set(category, place + 1);
            }
            categoryOfLabel[labelAt[place]] = category;
        }
    }

    private int number(CategoryPath path, int parent, int place, Map<CategoryPath, Integer> numbers) {
        Integer known = numbers.putIfAbsent(path, categories.size());
        if (known != null) {
            return known;
        }
        categories.add(path);
        above.add(parent);
        starts.add(place);
        ends.add(place);
        return categories.size() - 1;
    }

    /** To the categories that labels are in. */
    public static BackOff of(List<CategoryPath> labels) {
        return new BackOff(labels);
    }

    /** To nothing: a label is accepted or not. */
    public static BackOff none() {
        return new BackOff(List.of());
    }

    /**
     * The deepest category that a label is in, or is, whose probability is at or above a threshold; nothing where there is none.
     *
     * @param label its index
     * @param probabilities float[labels]
     */
    Optional<Candidate> deepest(int label, float[] probabilities, double threshold) {
        if (labelAt.length == 0) {
            return Optional.empty();
        }
        int start = placeOfLabel[label];
        int end = start;
        double sum = 0;
        for (int category = categoryOfLabel[label]; category != NONE; category = above.get(category)) {
            while (start > starts.get(category)) {
                start--;
                sum += probabilities[labelAt[start]];
            }
            while (end < ends.get(category)) {
                sum += probabilities[labelAt[end]];
                end++;
            }
            // rounding may have brought it above 1
            float probability = (float) Math.min(1, sum);
            if (probability >= threshold) {
                return Optional.of(new Candidate(categories.get(category), probability));
            }
        }
        return Optional.empty();
    }

    /** Name by name from the root, a category before what is in it. */
    private static int byNames(CategoryPath one, CategoryPath other) {
        Iterator<String> names = other.names().iterator();
        for (String name : one.names()) {
            if (!names.hasNext()) {
                return 1;
            }
            int order = name.compareTo(names.next());
            if (order != 0) {
                return order;
            }
        }
        return names.hasNext() ? -1 : 0;
    }
}
