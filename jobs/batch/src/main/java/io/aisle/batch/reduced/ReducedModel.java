package io.aisle.batch.reduced;

import io.aisle.core.mlp.Perceptron;
import io.aisle.core.model.MlpDefinition;
import io.aisle.core.model.ModelDefinition;
import io.aisle.core.model.Scaling;
import io.aisle.core.model.TreesDefinition;
import io.aisle.core.model.TreesDefinition.Leaves;
import io.aisle.core.ngram.NgramSettings;
import io.aisle.core.ngram.VectorScorer;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.trees.Forest;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a fitting came to, but for the files that hold it. */
public sealed interface ReducedModel extends Serializable permits ReducedModel.Trees, ReducedModel.Mlp {
    /** Where a bundle keeps the files. */
    String directory();

    /** The files, relative to their directory. */
    List<String> files();

    /**
     * What scores vectors, before a temperature.
     *
     * @param files the directory they lie in
     */
    VectorScorer open(Path files);

    /** What a bundle says of it. */
    ModelDefinition definition(
            TextRecipe recipe,
            List<CategoryPath> labels,
            Map<String, String> foldMap,
            NgramSettings ngrams,
            Scaling scaling);

    /**
     * Decision trees.
     *
     * @param algorithm what fitted them
     * @param trees how many there are
     */
    record Trees(String algorithm, int trees, Leaves leaves, int features, int labels) implements ReducedModel {
        private static final long serialVersionUID = 1L;

        @Override
        public String directory() {
            return TreesDefinition.TREES_DIRECTORY;
        }

        @Override
        public List<String> files() {
            return Forest.FILES;
        }

        @Override
        public VectorScorer open(Path files) {
            return TreesDefinition.scorer(Forest.read(files, features, labels), leaves, Scaling.NONE);
        }

        @Override
        public ModelDefinition definition(
                TextRecipe recipe,
                List<CategoryPath> labels,
                Map<String, String> foldMap,
                NgramSettings ngrams,
                Scaling scaling) {
            return new TreesDefinition(
                    recipe,
                    labels,
                    ModelDefinition.sorted(foldMap),
                    ngrams,
                    features,
                    algorithm,
                    trees,
                    leaves,
                    scaling);
        }
    }

    /**
     * A multilayer perceptron.
     *
     * @param layers their widths
     */
    record Mlp(List<Integer> layers) implements ReducedModel {
        private static final long serialVersionUID = 1L;

        @Override
        public String directory() {
            return MlpDefinition.DIRECTORY;
        }

        @Override
        public List<String> files() {
            return List.of(Perceptron.WEIGHTS_FILE);
        }

        @Override
        public VectorScorer open(Path files) {
            return Perceptron.read(files, layers);
        }

        @Override
        public ModelDefinition definition(
                TextRecipe recipe,
                List<CategoryPath> labels,
                Map<String, String> foldMap,
                NgramSettings ngrams,
                Scaling scaling) {
            return new MlpDefinition(recipe, labels, ModelDefinition.sorted(foldMap), ngrams, layers, scaling);
        }
    }
}
