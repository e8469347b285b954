package io.aisle.batch.measure;

import io.aisle.core.model.ModelBundle;
import io.aisle.core.product.CategoryPath;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a record's label means to a model. Truths are numbered: first the model's labels in their order, then the classes that were
 * folded away before training, whose rows count for the label that stands for them.
 */
public final class Truths implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, Integer> indices = new LinkedHashMap<>();
    private final ArrayList<Integer> folded = new ArrayList<>();

    public Truths(ModelBundle bundle) {
        this(
                bundle.labels().stream().map(CategoryPath::toString).toList(),
                bundle.manifest().model().foldMap());
    }

    /**
     * Of a model that is still to be trained.
     *
     * @param labels rendered paths, in the order of its answers
     * @param foldMap by the rendered path of each class that was folded away, the label that stands for it
     */
    public Truths(List<String> labels, Map<String, String> foldMap) {
        for (String label : labels) {
            add(label, indices.size());
        }
        for (Map.Entry<String, String> fold : foldMap.entrySet()) {
            Integer label = indices.get(fold.getValue());
            if (label != null && !indices.containsKey(fold.getKey())) {
                add(fold.getKey(), label);
            }
        }
    }

    private void add(String path, int label) {
        indices.put(path, indices.size());
        folded.add(label);
    }

    public boolean isKnown(String path) {
        return indices.containsKey(path);
    }

    /** The number of a known path. */
    public int index(String path) {
        return indices.get(path);
    }

    /** The model's label that a truth counts for. */
    public int label(int truth) {
        return folded.get(truth);
    }

    /** By the path of each class that was folded away, the label that stands for it. */
    public Map<String, String> folds() {
        List<String> paths = paths();
        Map<String, String> folds = new HashMap<>();
        for (int truth = 0; truth < paths.size(); truth++) {
            if (label(truth) != truth) {
                folds.put(paths.get(truth), paths.get(label(truth)));
            }
        }
        return folds;
    }

    /** The numbers of all paths. */
    public Map<String, Integer> numbers() {
        return indices;
    }

    /** Rendered paths by number. */
    public List<String> paths() {
        return List.copyOf(indices.keySet());
    }
}
