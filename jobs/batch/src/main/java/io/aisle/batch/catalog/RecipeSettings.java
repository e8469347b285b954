package io.aisle.batch.catalog;

import io.aisle.core.product.ProductField;
import io.aisle.core.settings.Settings;
import io.aisle.core.text.FieldBudget;
import io.aisle.core.text.TextRecipe;
import java.util.ArrayList;
import java.util.List;

/** The text recipe of those who have no bundle yet that carries one. */
public final class RecipeSettings {
    private RecipeSettings() {}

    public static TextRecipe read(Settings settings) {
        List<FieldBudget> budgets = new ArrayList<>();
        for (ProductField field : ProductField.values()) {
            budgets.add(new FieldBudget(field, settings.number("recipe." + field.key() + "-share", 0.001, 1000)));
        }
        return new TextRecipe(TextRecipe.CURRENT_VERSION, budgets, settings.flag("recipe.keep-empty-fields"));
    }
}
